import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { synthetic } from "../testing/synthetic.ts";
import { verdictsShown, verdictTable } from "./verdict_table.ts";

const input = synthetic({ algorithms: ["mtl", "maml"] });

Deno.test("of very many comparisons the page holds a thousand, all of the first family among them, and says so", () => {
  const [native, matched] = ["primary", "matched"].map((kind) => {
    const found = input.verdicts.find(({ key: { family } }) => family === kind);
    ok(found !== undefined);
    return found;
  });
  const few = Array.from({ length: 1000 }, () => ({ ...matched }));
  deepStrictEqual(verdictsShown({ ...input, verdicts: few }), few);
  const many = [...few, ...Array.from({ length: 10 }, () => ({ ...native }))];
  const shown = verdictsShown({ ...input, verdicts: many });
  strictEqual(shown.length, 1000);
  deepStrictEqual(shown.slice(-10), many.slice(-10));
  const { text } = verdictTable({ ...input, verdicts: many });
  match(text, /Of 1010 comparisons, 1000 are here, those of the first families first; all are in verdicts.csv/);
  strictEqual(text.match(/<tr>/g)?.length, 1001);
});
