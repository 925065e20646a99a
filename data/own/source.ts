/** Data of one's own: where it is and how it is to be read, as plain data that a sweep can hold. The schema is the source of the type. */
import { z } from "zod";
import { TASK_KINDS } from "../../common/vocabulary.ts";

/** The largest side of an image that models see. */
const MAX_SIDE = 512;
const MAX_LETTERS = 1_000;

const word = z.string().min(1).max(MAX_LETTERS);
const share = z.number().gt(0).lt(1);

const split = {
  splitSeed: z.int().min(0).default(0).describe(
    "Names the draw that divides classes (or tasks) into training, validation and test.",
  ),
  validation: share.default(0.2).describe("Share of the classes (or tasks) that validation gets."),
  test: share.default(0.2).describe("Share of the classes (or tasks) that the test gets."),
};

/** Images in folders, or named by an index. */
export const imagesSource = z.strictObject({
  reader: z.literal("images"),
  path: word.describe(
    "A folder whose folders are the classes, a folder with an index labels.csv, or the index itself; relative to where you stand.",
  ),
  size: z.int().min(4).max(MAX_SIDE).default(28).describe("Width and height that every image is brought to, pixels."),
  colour: z.enum(["grey", "rgb"]).default("grey").describe("What models see of the colours."),
  fit: z.enum(["crop", "stretch"]).default("crop").describe(
    "What becomes of images that are not square: their middle square is taken, or they are stretched.",
  ),
  invert: z.boolean().default(false).describe("Whether dark becomes light, for ink on paper."),
  fileColumn: word.default("FILE_NAME").describe("Column of the index that names the file."),
  classColumn: word.default("CATEGORY").describe("Column of the index that names the class."),
  minExamples: z.int().min(1).default(1).describe("Classes with fewer images are left out."),
  memoryMib: z.int().min(1).max(65_536).default(1024).describe(
    "Most memory that the decoded images may take, in each process; more is refused.",
  ),
  ...split,
});

/** A table: a row is an example. */
export const tableSource = z.strictObject({
  reader: z.literal("table"),
  path: word.describe("A CSV file with a header; relative to where you stand."),
  task: word.nullable().default("task").describe(
    "Column that says which task an example belongs to; null where any classes may be told apart in one task.",
  ),
  target: word.default("target").describe("Column to predict."),
  kind: z.enum(["auto", ...TASK_KINDS]).default("auto").describe(
    "What the target is: auto for regression where it is numbers, and classification where it is texts.",
  ),
  splitColumn: word.nullable().default(null).describe(
    "Column that says train, val or test, the same for all rows of a task; null for a draw.",
  ),
  missing: z.enum(["refuse", "drop"]).default("refuse").describe(
    "What becomes of a row with an empty cell, NA, NaN or null: the table is refused, or the row is left out.",
  ),
  features: z.array(word).max(MAX_LETTERS).default([]).describe("Columns to predict from; [] for all others."),
  minExamples: z.int().min(1).default(1).describe("Tasks with fewer rows (of a class) are left out."),
  ...split,
});

/** The field's standard sets, whose archives people have already. */
const ARCHIVES = {
  ...{ "cifar-fs": 32, fc100: 32, miniimagenet: 84, tieredimagenet: 84 },
  ...{ cub: 84, "fashion-mnist": 28 },
} as const;

/** Those whose images are grey. */
const GREY: readonly string[] = ["fashion-mnist"];

/** The name of a standard set. */
type ArchiveName = keyof typeof ARCHIVES;

/** The names of the standard sets. */
export const ARCHIVE_READERS: readonly ArchiveName[] = Object.keys(ARCHIVES) as ArchiveName[];

function archive<Name extends ArchiveName>(reader: Name) {
  return z.strictObject({
    reader: z.literal(reader),
    path: word.describe("The folder of the archive's files, unpacked; relative to where you stand."),
    size: imagesSource.shape.size.default(ARCHIVES[reader]),
    colour: imagesSource.shape.colour.default(GREY.includes(reader) ? "grey" : "rgb"),
    memoryMib: imagesSource.shape.memoryMib.default(2048),
  });
}

/** The schema of a source. */
export const sourceSchema = z.discriminatedUnion("reader", [
  imagesSource,
  tableSource,
  archive("cifar-fs"),
  archive("fc100"),
  archive("miniimagenet"),
  archive("tieredimagenet"),
  archive("cub"),
  archive("fashion-mnist"),
]);

/** Images in folders, or named by an index. */
export type ImagesSource = Readonly<z.infer<typeof imagesSource>>;
/** A table. */
export type TableSource = Readonly<z.infer<typeof tableSource>>;
/** Where data is and how it is to be read. */
export type Source = Readonly<z.infer<typeof sourceSchema>>;
/** A standard set's archive. */
export type ArchiveSource = Exclude<Source, ImagesSource | TableSource>;
/** What is said of how images are kept, wherever they come from. */
export type PixelOptions = Pick<ImagesSource, "path" | "size" | "colour" | "memoryMib">;

/** The names of all readers, as flags have them before the colon. */
export const READERS: readonly Source["reader"][] = sourceSchema.options.map(({ shape }) => shape.reader.value);

/** The reader and the path of "images:PATH"; undefined for a plain name. */
export function parseReference(text: string): { readonly reader: Source["reader"]; readonly path: string } | undefined {
  const colon = text.indexOf(":");
  const reader = READERS.find((name) => name === text.slice(0, colon));
  return reader === undefined ? undefined : { reader, path: text.slice(colon + 1) };
}
