import type { ReportInput } from "../view/input.ts";

/** A report's picture of images with words for the images: example i of class c reads "c.i". */
export function inWords(input: ReportInput): ReportInput {
  const picture = input.pictures.find(({ dataset }) => dataset === "omniglot");
  if (picture === undefined) throw new Error("internal: there is no picture of omniglot");
  const of = (count: number) =>
    Array.from({ length: count }, (_, i) => `${Math.floor(i / (count / 5)) + 1}.${i % (count / 5)}`);
  const classes = ["Ewe", "Fon", "Ga", "Ibo", "Twi"];
  const texts = { classes, support: of(picture.episode.nSupport), query: of(picture.episode.nQuery) };
  const datasets = input.datasets.map((own) => own.name === "omniglot" ? { ...own, inputShape: [512] } : own);
  return { ...input, datasets, pictures: [{ ...picture, texts }] };
}
