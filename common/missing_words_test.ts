import { deepStrictEqual as equal } from "node:assert/strict";
import { z } from "zod";
import { inPlainWords } from "./missing_words.ts";

Deno.test("what a file lacks is said to be missing, and other messages stay as they are", () => {
  const said = (value: unknown) =>
    inPlainWords(z.object({ a: z.string() }).safeParse(value).error?.issues[0].message ?? "");
  equal(said({}), "Invalid input: expected string, and it is missing");
  equal(said({ a: 1 }), "Invalid input: expected string, received number");
});
