import { match } from "node:assert/strict";
import { synthetic } from "../testing/synthetic.ts";
import { equalOperationsTable } from "./equal_operations_table.ts";

const input = synthetic({ algorithms: ["mtl", "maml"] });
const plain = (text: string) => text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

Deno.test("both sides stand at equal operations and as they ended, with their difference and who was still improving", () => {
  const text = plain(equalOperationsTable(input).text);
  match(text, /MTL, d = 2 against MAML, d = 0 at equal operations 3 27\.0 and 27\.0 0\.0200 and 0\.200 ×0\.1\d* –/);
  match(
    text,
    /as they ended still improving: the first in 2 of 3 seeds 3 27\.0 and 210 0\.0200 and 0\.0400 ×0\.50* ×0\.250* to ×1/,
  );
});

Deno.test("where nothing was watched the page says so", () => {
  match(equalOperationsTable({ ...input, equalOperations: [] }).text, /No two trainings of the answer were watched/);
});
