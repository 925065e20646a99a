import { strictEqual } from "node:assert/strict";
import { differenceOf } from "./difference.ts";

Deno.test("two values differ at the first place where they do, whatever their members are called", () => {
  strictEqual(differenceOf({ a: 1, b: { c: 2 } }, { a: 1, b: { c: 3 } }), "b, c: 2 and 3");
  strictEqual(differenceOf({ a: [1] }, { a: [1] }), undefined);
  for (const name of ["constructor", "toString", "hasOwnProperty"]) {
    strictEqual(differenceOf({}, { [name]: 1 }), `${name}: absent and 1`);
    strictEqual(differenceOf({ [name]: { a: 1 } }, {}), `${name}: {"a":1} and absent`);
  }
});
