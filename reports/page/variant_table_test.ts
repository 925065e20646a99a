import { match, ok, strictEqual } from "node:assert/strict";
import type { ReportInput } from "../view/input.ts";
import { page } from "./page.ts";
import { SINUSOID, synthetic } from "../testing/synthetic.ts";
import { tuningTable } from "./tuning_table.ts";
import { variantTable } from "./variant_table.ts";

const input = synthetic({ algorithms: ["mtl", "maml"] });
const plain = (text: string) => text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

Deno.test("depths frozen at test time and starts of task-specific layers that a sweep varies are on the page, beside the native ones", () => {
  strictEqual(variantTable(input, SINUSOID), undefined);
  const more: ReportInput = {
    ...input,
    cells: input.cells.flatMap((row) =>
      row.algorithm === "mtl" && row.sharingDepth === 2 && row.innerSteps !== null
        ? [row, { ...row, adaptDepth: 0, meanLog: Math.log(0.25) }, {
          ...row,
          taskStart: "random" as const,
          meanLog: 0,
        }]
        : [row]
    ),
  };
  const text = plain(variantTable(more, SINUSOID)?.text ?? "");
  match(text, /MTL 5 2 2 mean/);
  match(text, /MTL 5 2 0 mean 0\.250 0\.250 to 0\.250/);
  match(text, /MTL 5 2 2 random 1\.00 1\.00 to 1\.00/);
  ok(page(more, []).includes("what is adapted, and from where"));
});

Deno.test("what tuning tried and chose is on the page, and a choice at the edge of its grid is marked", () => {
  match(plain(tuningTable({ ...input, tuning: [] }).text), /This sweep tunes nothing/);
  const text = plain(tuningTable(input).text);
  match(text, /Sinusoids MTL 2 3 1000 0\.001, 0\.002, 0\.004 0\.01 0\.002 0\.01 0\.300 0\.900/);
  match(text, /Sinusoids MAML 0 3 1000 0\.001, 0\.002, 0\.004 0\.01 0\.004 edge 0\.01 0\.300 0\.900/);
  match(text, /Omniglot, 5-way MAML 0 1 1000 0\.001 0\.4 none: the sweep&#39;s settings – – –/);
});
