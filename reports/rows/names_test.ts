import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { addressDigits, trainingName } from "./column.ts";

/** What spreadsheets, and readers of tables that guess, take for a number. */
const isNumber = (text: string) => text.trim() !== "" && Number.isFinite(Number(text.replace(/^0+(?=\d)/, "")));

Deno.test("no name of a training is read as a number, whatever its address, and the address is found in it", () => {
  ok(isNumber("573e24951032".replace("e24951032", "e24")) && isNumber("123456789012"));
  for (const address of ["573e24951032", "123456789012", "000000000000", "1e0000000000"]) {
    ok(!isNumber(trainingName(address)), address);
  }
  fc.assert(fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (address) => {
    const name = trainingName(address);
    ok(/^u[0-9a-f]{12}$/.test(name) && !isNumber(name), name);
    equal(addressDigits(name), address.slice(0, 12));
    // As tables of older versions have it.
    equal(addressDigits(address.slice(0, 12)), address.slice(0, 12));
  }));
});
