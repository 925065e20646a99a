/**
 * `datapackage.json`: the types, units and meanings of a run's CSV columns in the form that pandas, R, DuckDB and data portals read (Frictionless Data,
 * tabular data package: https://specs.frictionlessdata.io/tabular-data-package/).
 */
import type { Field } from "./schema_columns.ts";
import { type Described, EPISODES, scoreFields, TABLES } from "./tables.ts";

/** What a package says of itself. */
export interface PackageFacts {
  /** Lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
  /** The most test episodes of any cell: columns of scores in episodes.csv. */
  readonly widest: number;
}

/** The descriptor of a run's tables. The same results give the same one. */
export function dataPackage({ name, title, widest }: PackageFacts) {
  return {
    profile: "tabular-data-package",
    name,
    title,
    resources: TABLES.map((table) => resource(table === EPISODES ? withScores(table, widest) : table)),
  };
}

function withScores(table: Described, widest: number): Described {
  return { ...table, fields: [...table.fields, ...scoreFields(widest)] };
}

function resource({ file, about, fields }: Described) {
  return {
    profile: "tabular-data-resource",
    name: file.replace(/\.csv$/, "").replaceAll("_", "-"),
    path: file,
    description: about,
    format: "csv",
    mediatype: "text/csv",
    encoding: "utf-8",
    dialect: { delimiter: ",", lineTerminator: "\r\n", quoteChar: '"', doubleQuote: true, header: true },
    schema: { fields: fields.map(describe), missingValues: [""] },
  };
}

function describe({ name, type, words, optional, unit, meaning }: Field) {
  const constraints = { ...(optional ? {} : { required: true }), ...(words === undefined ? {} : { enum: words }) };
  return {
    ...{ name, type, description: meaning },
    ...(unit === undefined ? {} : { unit }),
    ...(Object.keys(constraints).length === 0 ? {} : { constraints }),
  };
}
