import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { linearCka, type Representation, unbiasedHsic } from "./linear_cka.ts";
import { stream } from "../testing/statistics.ts";

type Rows = readonly (readonly number[])[];

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((total, value, i) => total + value * b[i], 0);

function centred(rows: Rows): Rows {
  const means = rows[0].map((_, column) => rows.reduce((total, row) => total + row[column], 0) / rows.length);
  return rows.map((row) => row.map((value, column) => value - means[column]));
}

/** ‖XᵀY‖² */
const product = (x: Rows, y: Rows) =>
  dot(x.flatMap((a) => x.map((b) => dot(a, b))), y.flatMap((a) => y.map((b) => dot(a, b))));

function representation(rows: Rows): Representation {
  const x = centred(rows);
  return {
    squares: x.map((row) => dot(row, row)),
    own: product(x, x),
    size: rows.reduce((sum, row) => sum + dot(row, row), 0),
  };
}

function cka(x: Rows, y: Rows): number | null {
  return linearCka(representation(x), representation(y), product(centred(x), centred(y)));
}

function near(actual: number | null, expected: number, tolerance = 1e-12) {
  ok(actual !== null && Math.abs(actual - expected) < tolerance, `${actual} instead of ${expected}`);
}

const matrix = (n: number, p: number, f: (i: number) => number): Rows =>
  Array.from({ length: n }, (_, row) => Array.from({ length: p }, (_, column) => f(row * p + column)));

// Golden values: numpy 2.4.6, with hsic(K, L) term by term as in Song et al. 2012, equation 5, K and L without their diagonals:
//   (trace(K @ L) + K.sum() * L.sum() / ((n-1) * (n-2)) - 2 / (n-2) * (K @ L).sum()) / (n * (n-3))
// and hsic(XX', YY') / sqrt(hsic(XX', XX') * hsic(YY', YY')) of activations that are not centred; i counts a matrix row by row:
//   X = sin(1 + i^2), Y = cos(i^2 / 2) + 0.3 X[:, :2]; Z = max(sin(1.7 i), 0), W = max(Z + 0.4 cos(3 i^2), 0); U = sin(1 + i^2), V = exp(U).
Deno.test("debiased CKA agrees with the unbiased HSIC of Song et al. computed term by term", () => {
  const x = matrix(6, 3, (i) => Math.sin(1 + i ** 2));
  const y = matrix(6, 2, (i) => Math.cos(0.5 * i ** 2)).map((row, r) => row.map((value, c) => value + 0.3 * x[r][c]));
  near(cka(x, y), 0.38053511316949346);
  const z = matrix(12, 5, (i) => Math.max(Math.sin(1.7 * i), 0));
  const w = z.map((row, r) => row.map((value, c) => Math.max(value + 0.4 * Math.cos(3 * (5 * r + c) ** 2), 0)));
  near(cka(z, w), 0.7042168191237458);
  const u = matrix(9, 1, (i) => Math.sin(1 + i ** 2));
  near(cka(u, u.map(([value]) => [Math.exp(value)])), 0.9809545602303623);
});

const normals = (seed: string, n: number, p: number): Rows => {
  const draw = stream(seed);
  return matrix(n, p, () => draw.normal());
};

/** The plain estimator, which counts the diagonal. */
function plainCka(x: Rows, y: Rows): number {
  const [a, b] = [centred(x), centred(y)];
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

Deno.test("independent representations of as few examples as a query set have 0 on average, where the plain estimator would say 0.77", () => {
  const draw = (k: number) => [normals(`x${k}`, 75, 256), normals(`y${k}`, 75, 256)] as const;
  const values = Array.from({ length: 40 }, (_, k) => cka(...draw(k)) ?? NaN);
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1));
  ok(Math.abs(mean) < 3 * sd / Math.sqrt(values.length) && sd < 0.1, `${mean}, sd ${sd}`);
  near(plainCka(...draw(0)), 0.77, 0.01);
});

const value = fc.integer({ min: -1000, max: 1000 }).map((hundredths) => hundredths / 100);
const rowsOf = (n: number, p: number) =>
  fc.array(fc.array(value, { minLength: p, maxLength: p }), { minLength: n, maxLength: n });
const pairs = fc.tuple(fc.integer({ min: 4, max: 12 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([n, p, q]) => fc.tuple(rowsOf(n, p), rowsOf(n, q)));
/** Where examples are nearly equally far apart, a difference of large sums is left. */
const wellSpread = (rows: Rows) => {
  const { squares, own } = representation(rows);
  return unbiasedHsic(own, squares, squares) > 1e-4 * own && own > 1e-6;
};

Deno.test("CKA lies within [-1, 1], is symmetric, and is exactly 1 for a representation and itself", () => {
  fc.assert(fc.property(pairs, ([x, y]) => {
    const found = cka(x, y);
    fc.pre(found !== null);
    ok(found >= -1 && found <= 1);
    strictEqual(cka(y, x), found);
    strictEqual(cka(x, x), 1);
  }));
});

Deno.test("rotating, shifting or scaling a representation, or the order of the examples, changes nothing", () => {
  const change = fc.record({
    angle: fc.double({ min: 0, max: 6.28, noNaN: true }),
    scale: fc.double({ min: 0.01, max: 100, noNaN: true }),
    shift: value,
  });
  fc.assert(fc.property(pairs, change, ([x, y], { angle, scale, shift }) => {
    fc.pre(wellSpread(x) && wellSpread(y));
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    // One plane after the other, and a mirror at the end: an orthogonal map of all features.
    const turned = y.map((row) => {
      const out = [...row];
      for (let i = 1; i < out.length; i++) {
        [out[i - 1], out[i]] = [c * out[i - 1] - s * out[i], s * out[i - 1] + c * out[i]];
      }
      return out.map((feature, i) => scale * (i === 0 ? -feature : feature) + shift);
    });
    const found = cka(x, y) ?? NaN;
    near(cka(x, turned), found, 1e-6);
    near(cka([...x].reverse(), [...y].reverse()), found, 1e-6);
  }));
});

Deno.test("stretching a single feature does change it: CKA is not blind to what a linear map can undo", () => {
  const x = normals("stretch", 30, 3);
  const found = cka(x, x.map(([a, b, c]) => [8 * a, b, c])) ?? NaN;
  ok(found > 0.1 && found < 0.95, String(found));
});

Deno.test("a representation that says nothing is undefined: constant, dead, equally far apart, not finite, or of three examples", () => {
  const x = normals("x", 8, 3);
  const nothing = (rows: Rows, why = "undefined") => {
    strictEqual(cka(rows, x.slice(0, rows.length)), null, why);
    strictEqual(cka(x.slice(0, rows.length), rows), null, why);
  };
  nothing(x.map(() => [0, 0, 0]));
  nothing(x.map(() => [0.1, 7.3, -2]));
  nothing(x.map((row) => [1e4 + 1e-3 * row[0]]), "varies by less than float32 can tell");
  nothing(x.map((_, i) => x.map((_, j) => i === j ? 1 : 0)));
  for (const bad of [NaN, Infinity, 1e200]) nothing(x.map((row, i) => i === 3 ? [bad, 0, 0] : row));
  nothing(x.slice(0, 3));
  ok(cka(x.slice(0, 4), x.slice(0, 4)) === 1);
});
