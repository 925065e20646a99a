import { deepStrictEqual as equal, ok } from "node:assert";
import fc from "fast-check";
import { meanOf, medianOf, standardDeviationOf, varianceOf } from "./moments.ts";

Deno.test("the mean and the spread of a few numbers are those of a textbook", () => {
  equal([meanOf([2, 4, 9]), varianceOf([2, 4, 9]), standardDeviationOf([1, 3])], [5, 13, Math.SQRT2]);
});

Deno.test("the median is in the middle, whatever the order", () => {
  equal([medianOf([9, 1, 4]), medianOf([9, 1, 4, 2]), medianOf([])], [4, 3, NaN]);
});

Deno.test("below two values there is no spread, and of none no mean", () => {
  equal([meanOf([]), varianceOf([1]), standardDeviationOf([1]), standardDeviationOf([])], [NaN, NaN, null, null]);
});

Deno.test("spread does not depend on where the numbers lie, and grows with their scale", () => {
  const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 50 });
  fc.assert(fc.property(numbers, fc.integer({ min: -1000, max: 1000 }), (values, shift) => {
    const [plain, moved] = [varianceOf(values), varianceOf(values.map((value) => value + shift))];
    ok(Math.abs(plain - moved) <= 1e-9 * (1 + plain), `${plain} ${moved}`);
    ok(Math.abs(varianceOf(values.map((value) => 3 * value)) - 9 * plain) <= 1e-9 * (1 + plain));
  }));
});
