/** The table of what data sets declare of their groups, and what classes say of their own. */
import type { DataSet, EvaluationSplit } from "./contract/dataset.ts";
import type { Grouping, GroupingsOf } from "./contract/groups.ts";
import { familyGroups } from "./languages/groups.ts";
import { isVaried } from "./contract/varied.ts";
import type { DataSetName } from "./registry.ts";
import { type ContinentName, continentTides } from "./tides/continents.ts";
import { countryGroups, tideGroups } from "./tides/groups.ts";
import { NOISY_TIDES, TIDES } from "./tides/mod.ts";

const languages: GroupingsOf = async (dataSet, split) => [
  ...ownGroups("script", dataSet, split),
  ...await familyGroups(dataSet, split),
];

/** By data set; others have the groups that their classes name. */
const groupings: Partial<Record<DataSetName, GroupingsOf>> = {
  "omniglot": (dataSet, split) => ownGroups("alphabet", dataSet, split),
  languages,
  "languages-40": languages,
  "languages-80": languages,
  "languages-one-script": languages,
  "languages-one-family": (dataSet, split) => ownGroups("family", dataSet, split),
  "tides": (_, split) => tideGroups(TIDES, split),
  "tides-noisy": (_, split) => tideGroups(NOISY_TIDES, split),
  ...Object.fromEntries(
    (Object.keys(continentTides) as ContinentName[]).map((name): [ContinentName, GroupingsOf] => [
      name,
      (_, split) => countryGroups(name, split),
    ]),
  ),
};

/**
 * The groups of a data set's classes or episodes.
 *
 * @param name of the data set in the table; data of a user's own has no line there
 */
export async function groupingsOf(
  name: string,
  dataSet: DataSet,
  split: EvaluationSplit,
): Promise<readonly Grouping[]> {
  const declared = Object.hasOwn(groupings, name) ? groupings[name as DataSetName] : undefined;
  const own = await (declared ?? folderGroups)(dataSet, split);
  return isVaried(dataSet) && split === "test" ? [...own, ...dataSet.shapeGroups] : own;
}

/** Groups that classes name themselves; none where some class has no group. */
function ownGroups(level: string, dataSet: DataSet, split: EvaluationSplit): Grouping[] {
  const groups = (dataSet.classesOf?.(split) ?? []).map(({ group }) => group);
  return byClass(level, groups);
}

/** Of images in folders: the folder that a class's own lies in, where each lies in one. Other classes go by the group that they name. */
function folderGroups(dataSet: DataSet, split: EvaluationSplit): Grouping[] {
  const own = ownGroups("group", dataSet, split);
  if (own.length > 0) return own;
  const parents = (dataSet.classesOf?.(split) ?? []).map(({ name }) =>
    name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : undefined
  );
  return byClass("folder", parents);
}

function byClass(level: string, groups: readonly (string | undefined)[]): Grouping[] {
  if (groups.length === 0 || groups.some((group) => group === undefined)) return [];
  return [{ level, of: "classes", groupOf: (classId) => groups[classId] ?? "" }];
}
