import { deepStrictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { parse, stringify } from "@std/csv";
import { columnOf, csvRecords, readCsv } from "./csv.ts";

const recordsOf = (text: string) => [...csvRecords(text, ",", "t.csv")];

Deno.test("records have the line that they begin on, whatever is quoted in them", () => {
  const text = 'a,b\n1,"two\nlines"\r\n\n"say ""hi""",\n';
  equal(recordsOf(text), [
    { line: 1, values: ["a", "b"] },
    { line: 2, values: ["1", "two\nlines"] },
    { line: 5, values: ['say "hi"', ""] },
  ]);
});

Deno.test("what another program writes is read as it reads it", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "b", ",", '"', "\n", " ", ";") });
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }), (rows) => {
    const text = stringify(rows.map((row) => [...row]));
    equal(recordsOf(text).map(({ values }) => [...values]), parse(text));
  }));
});

Deno.test("quotation marks that do not match are refused with their line", () => {
  throws(() => recordsOf('a\n"b'), { message: "t.csv, line 2: a quotation mark is not closed" });
  throws(() => recordsOf('a\nb"c'), /t\.csv, line 2: a quotation mark stands inside an unquoted value/);
  throws(() => recordsOf('a\n"b"c'), /t\.csv, line 2: text follows a closing quotation mark/);
});

Deno.test("the separator is the one that the header has most of, and columns are found by name", () => {
  const table = readCsv("FILE_NAME\tCATEGORY\na,b.png\tbird\n", "t.csv");
  equal([...table.records()].map(({ values }) => values), [["a,b.png", "bird"]]);
  equal(columnOf(table, "CATEGORY", "classColumn", "t.csv"), 1);
  throws(() => columnOf(table, "label", "classColumn", "t.csv"), {
    message: 't.csv has no column "label", only "FILE_NAME", "CATEGORY"; name another with classColumn',
  });
});

Deno.test("a record of another length, no header and two columns of one name are refused", () => {
  throws(() => [...readCsv("a,b\n1,2\n1\n", "t.csv").records()], {
    message: "t.csv, line 3: 1 values, but the header names 2 columns",
  });
  throws(() => readCsv("\n", "t.csv"), /t\.csv is empty/);
  throws(() => readCsv("a,b,a\n", "t.csv"), /line 1: two columns are named "a"/);
});
