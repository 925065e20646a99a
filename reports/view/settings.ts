/**
 * Settings of training that tell numbers of one algorithm at one depth apart, in words: said beside the data set where a run has one value, beside every number
 * where it has several.
 */
import { type Norm, NORMS } from "../../common/vocabulary.ts";
import { type Setting, SETTING_FIELDS, type SettingField, settingText } from "../rows/setting.ts";
import type { DataSetDescription, ReportInput } from "./input.ts";
import { plural } from "./select.ts";

/** What columns are called. */
const HEADINGS = { norm: "norm", trainingTasks: "training tasks" } as const satisfies Record<SettingField, string>;

/** What each word means, as the end of a sentence about hidden layers. */
export const NORM_WORDS: Readonly<Record<Norm, string>> = {
  none: "not normalised",
  batch: "normalised by the statistics of the examples at hand, queries by each other's (transductive)",
  "batch-inductive":
    "normalised by statistics of the support set or of training, never by those of queries (inductive)",
  layer: "normalised over the features of each example",
};

/** The settings that a data set has several values of in a run. */
export function varying({ norms, trainingTasks }: Pick<DataSetDescription, "norms" | "trainingTasks">): SettingField[] {
  const values = { norm: norms, trainingTasks } as const satisfies Record<SettingField, readonly unknown[]>;
  return SETTING_FIELDS.filter((field) => values[field].length > 1);
}

/** The settings that some data set has several values of: tables of all data sets have a column for each. */
export function varyingAnywhere({ datasets }: Pick<ReportInput, "datasets">): SettingField[] {
  return SETTING_FIELDS.filter((field) => datasets.some((dataset) => varying(dataset).includes(field)));
}

/** Texts of the settings that a row's data set has several values of; [] where everything about them is said once. */
export function settingParts(
  { datasets }: Pick<ReportInput, "datasets">,
  row: Setting & { readonly dataset: string },
): string[] {
  const dataset = datasets.find(({ name }) => name === row.dataset);
  return dataset === undefined ? [] : varying(dataset).map((field) => settingText(field, row));
}

/** What rows or panels of one setting are called: "norm batch, 100 training tasks"; "" where nothing varies. */
export function settingLabel(dataset: Pick<DataSetDescription, "norms" | "trainingTasks">, setting: Setting): string {
  return varying(dataset).map((field) => settingText(field, setting)).join(", ");
}

/** Equal for rows of one setting. */
export function settingKey({ norm, trainingTasks }: Setting): string {
  return JSON.stringify([norm, trainingTasks]);
}

/** Normalisations in the order of their vocabulary, then training tasks ascending, ever new ones last. */
export function compareSettings(a: Setting, b: Setting): number {
  return NORMS.indexOf(a.norm) - NORMS.indexOf(b.norm) ||
    Math.sign((a.trainingTasks ?? Infinity) - (b.trainingTasks ?? Infinity)) || 0;
}

/** The settings among some rows, each once, in order. */
export function settingsAmong(rows: Iterable<Setting>): Setting[] {
  const found = new Map([...rows].map(({ norm, trainingTasks }) => {
    const setting = { norm, trainingTasks };
    return [settingKey(setting), setting];
  }));
  return [...found.values()].sort(compareSettings);
}

/** Headings of columns for settings. */
export function settingHeadings(fields: readonly SettingField[]): string[] {
  return fields.map((field) => HEADINGS[field]);
}

/** What stands in these columns. */
export function settingValues(fields: readonly SettingField[], row: Setting): string[] {
  return fields.map((field) => String(row[field] ?? "fresh"));
}

/** Short enough for a row's label: "batch", "200 tasks", "fresh tasks". */
export function settingShort(field: SettingField, setting: Setting): string {
  return field === "norm"
    ? setting.norm
    : setting.trainingTasks === null
    ? "fresh tasks"
    : plural(setting.trainingTasks, "task");
}

/** What a caption says where a figure shows several settings; beside the data set it is said what they are. "" where nothing varies. */
export function settingsDiffer(dataset: Pick<DataSetDescription, "norms" | "trainingTasks">): string {
  const meanings = {
    norm: "Norm: how hidden layers are normalised.",
    trainingTasks: "Training tasks: how many there were, or fresh: ever new ones.",
  } as const satisfies Record<SettingField, string>;
  return varying(dataset).map((field) => meanings[field]).join(" ");
}

/** What the settings of a data set are, a sentence for each value. */
export function settingSentences(
  { norms, trainingTasks }: Pick<DataSetDescription, "norms" | "trainingTasks">,
): string {
  const layers = norms.map((norm) => `Norm ${norm}: hidden layers are ${NORM_WORDS[norm]}.`);
  // Ever new tasks are what papers describe: said only where a run has anything else.
  const finite = trainingTasks.some((count) => count !== null);
  const tasks = finite
    ? trainingTasks.map((count) =>
      count === null
        ? "Fresh tasks: ever new ones."
        : `${plural(count, "training task")}: the same for every algorithm.`
    )
    : [];
  return [...layers, ...tasks].join(" ");
}
