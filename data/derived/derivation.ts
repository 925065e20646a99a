/** Data sets that are made of others, as plain data that a sweep can hold. The schema is the source of the type. */
import { z } from "zod";
import { sourceSchema } from "../own/source.ts";

const MAX_LETTERS = 1_000;
const MAX_CLASSES = 1e9;
const word = z.string().min(1).max(MAX_LETTERS);

/** The schema of a derivation. */
export const derivationSchema = z.strictObject({
  from: word.describe("Name of the data set that is trained on."),
  trainingClasses: z.int().min(2).max(MAX_CLASSES).optional().describe(
    "How many of its training classes; all of them where it is left out.",
  ),
  testedOn: word.optional().describe(
    "Name of the data set whose test episodes are scored, or any-way-any-shot; its own where it is left out.",
  ),
  testSource: sourceSchema.optional().describe("That data set, where it is your own."),
}).refine(({ trainingClasses, testedOn }) => trainingClasses !== undefined || testedOn !== undefined, {
  error: "expected trainingClasses or testedOn: without either it is the data set itself",
});

/** How a data set is made of another. */
export type Derivation = Readonly<z.infer<typeof derivationSchema>>;

/** What is trained on: the data set itself, or some of its classes. */
export function trainedName({ from, trainingClasses }: Pick<Derivation, "from" | "trainingClasses">): string {
  return trainingClasses === undefined ? from : `${from}-of-${trainingClasses}-classes`;
}

/** What a derived data set is called: "omniglot-of-100-classes", "sinusoid-to-sinusoid-frequency". */
export function derivedName({ testedOn, ...trained }: Derivation): string {
  return testedOn === undefined ? trainedName(trained) : `${trainedName(trained)}-to-${testedOn}`;
}
