/** Families of languages as groups of classes. */
import type { DataSet, EvaluationSplit } from "../contract/dataset.ts";
import type { Grouping } from "../contract/groups.ts";
import { KNOWN } from "./collection.ts";
import { readDeclarations } from "./declarations.ts";

/** By ISO 639-5 code of the family, which is what languages are split by. Classes bear the names of their languages. */
export async function familyGroups(dataSet: DataSet, split: EvaluationSplit): Promise<Grouping[]> {
  const declarations = await readDeclarations(new Set(KNOWN.keys()));
  const families = new Map(declarations.map(({ name, code }) => [name, KNOWN.get(code)?.family]));
  const own = (dataSet.classesOf?.(split) ?? []).map(({ name }) => families.get(name));
  if (own.some((family) => family === undefined)) throw new Error("internal: a language without a family");
  return [{ level: "family", of: "classes", groupOf: (classId) => own[classId] ?? "" }];
}
