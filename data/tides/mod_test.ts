import assert from "node:assert/strict";
import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { rng } from "../../common/random.ts";
import type { ReferenceTask } from "../contract/reference.ts";
import { missingPackage } from "../npm/package.ts";
import { referencesOf } from "../references/floors.ts";
// Made by data/testing/golden/tides.py, which says how.
import golden from "../testing/golden/tides.json" with { type: "json" };
import { bestLinear } from "./best_linear.ts";
import { CONSTITUENT_NAMES } from "./constituents.ts";
import { NOISY_TIDES, tideAt, tideDataSet, TIDES } from "./mod.ts";
import { meanTide, powers, SPEEDS, standardDeviation } from "./moments.ts";
import { readStations, splitStations, type StationSplits, TIDE_DATABASE } from "./stations.ts";

const missing = await missingPackage(TIDE_DATABASE, "tides");
const here = { ignore: missing !== undefined };
const where = missing === undefined ? "" : " (npm cannot be reached)";
const splits: StationSplits | undefined = missing === undefined ? splitStations(await readStations()) : undefined;

const near = (a: number, b: number, tolerance: number) =>
  assert(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

Deno.test({
  name: `scale, powers and heights of tides are those that numpy finds with NOAA's own speeds${where}`,
  ...here,
  fn: () => {
    const { train } = splits!;
    assert.equal(train.length, golden.stations);
    near(standardDeviation(train), golden.scale, 1e-9);
    const found = powers(train);
    for (const [name, power] of Object.entries(golden.power)) {
      near(found[CONSTITUENT_NAMES.findIndex((own) => own === name)], power, 1e-9);
    }
    for (const { id, metres } of golden.heights) {
      const station = train.find((own) => own.id === id)!;
      const curve = tideAt(station, 0, 1, 1);
      [0, 6, 24, 1000.5].forEach((hour, i) => near(curve(hour), metres[i], 1e-5));
      // NOAA rounds speeds to a millionth of a degree an hour.
      near(curve(100_000), metres[4], 0.01);
      near(tideAt(station, 1000, 1, 2)(0.25), metres[3], 1e-5);
    }
  },
});

Deno.test({
  name: `what zero, the mean curve and the best linear predictor score is what numpy finds${where}`,
  ...here,
  fn: () => {
    for (const family of [TIDES, NOISY_TIDES]) {
      const data = tideDataSet(family, splits!);
      for (const scores of golden.scores.filter((own) => own.family === family.name)) {
        const { shots } = scores;
        const batch = data.episodes("test", 0, 25, shots, 1);
        const rows = referencesOf(data).map((reference) => {
          const errors = Array.from({ length: 25 }, (_, t) => {
            const own = (values: Float32Array, size: number) => values.subarray(t * size, (t + 1) * size);
            const [supportX, supportY] = [own(batch.supportX, shots), own(batch.supportY, shots)];
            const [queryX, queryY] = [own(batch.queryX, 100), own(batch.queryY, 100)];
            const predicted = reference.predict({ supportX, supportY, queryX });
            return queryY.reduce((sum, y, i) => sum + (predicted[i] - y) ** 2 / 100, 0);
          });
          return [reference.name, errors.reduce((sum, own) => sum + own, 0) / 25] as const;
        });
        assert.deepEqual(rows.map(([name]) => name), ["zero", "mean", "bayes"]);
        for (const [name, error] of rows) near(error / scores[name as "zero" | "mean" | "bayes"], 1, 1e-4);
      }
    }
  },
});

Deno.test({
  name: `training tides have mean square 1 and next to no mean, and tasks of a split are of its own stations${where}`,
  ...here,
  fn: () => {
    const data = tideDataSet(TIDES, splits!);
    const { queryY } = data.trainBatch(4000, 1, 10, ["moments"]);
    const mean = queryY.reduce((sum, y) => sum + y, 0) / queryY.length;
    assert(Math.abs(mean) < 0.05, `${mean}`);
    const square = queryY.reduce((sum, y) => sum + y * y, 0) / queryY.length;
    assert(Math.abs(square - 1) < 0.15, `${square}`);
    for (const x of [-5, 0, 5]) assert(Math.abs(data.meanTarget!(x)) < 0.01);
    // A split of one station has its tides only: their squares cannot exceed the sum of its amplitudes.
    const [quiet] = splits!.test.toSorted((a, b) => reach(a) - reach(b));
    const alone = tideDataSet(TIDES, { ...splits!, test: [quiet] });
    const highest = Math.max(...alone.episodes("test", 0, 50, 1, 1).queryY.map(Math.abs));
    assert(highest > 0 && highest <= reach(quiet) / standardDeviation(splits!.train) + 1e-6);
  },
});

const reach = ({ harmonics }: StationSplits["test"][number]) => harmonics.reduce((sum, own) => sum + own.amplitude, 0);

/** Two made-up stations: no data is needed for laws. */
const MADE_UP: StationSplits = {
  train: [made("a", 1, 0.3), made("b", 2, 2)],
  validation: [made("c", 1, 1)],
  test: [made("d", 1.5, 5)],
};

function made(id: string, amplitude: number, phase: number): StationSplits["test"][number] {
  return {
    ...{ id, name: id, country: "XX", latitude: 0, longitude: 0, licence: "public domain", attribution: "" },
    harmonics: [{ constituent: "M2", amplitude, phase }, { constituent: "K1", amplitude: 0.4, phase: 1 }],
  };
}

Deno.test("the mean tide is the mean over stations and starts, by summing both", () => {
  const starts = 20_000;
  const range = 1000;
  const mean = meanTide(MADE_UP.train, range);
  for (const hours of [0, 3.7, 24]) {
    const curves = MADE_UP.train.map((station) => tideAt(station, hours, 1, 1));
    let sum = 0;
    for (let i = 0; i < starts; i++) for (const curve of curves) sum += curve((i + 0.5) * range / starts);
    near(mean(hours), sum / starts / curves.length, 1e-6);
    assert(Math.abs(mean(hours)) > 1e-5, "there is something to find");
  }
});

Deno.test("readings of noisy tides are off by the declared noise, nested in their number, and what is scored is not", () => {
  const [exact, noisy] = [tideDataSet(TIDES, MADE_UP), tideDataSet({ ...NOISY_TIDES, name: "tides" }, MADE_UP)];
  const [of20, of5] = [20, 5].map((shots) => noisy.episodes("test", 3, 1, shots, 1));
  assert.deepEqual(of20.supportY.subarray(0, 5), of5.supportY);
  assert.deepEqual(of20.queryY, exact.episodes("test", 3, 1, 20, 1).queryY);
  const many = noisy.episodes("test", 0, 200, 20, 1);
  const predict = referencesOf(noisy).find(({ name }) => name === "bayes")!.predict;
  let [square, n] = [0, 0];
  for (let t = 0; t < 200; t++) {
    const [supportX, supportY] = [many.supportX, many.supportY].map((own) => own.subarray(t * 20, (t + 1) * 20));
    // Four features fit 20 readings but for their noise.
    const fitted = predict({ supportX, supportY, queryX: supportX });
    supportY.forEach((y, i) => square += (y - fitted[i]) ** 2);
    n += 16;
  }
  near(Math.sqrt(square / n), NOISY_TIDES.noise, 0.03);
});

/** Three frequencies, one of them weak. */
const MOMENTS = {
  mean: (x: number) => 0.1 * x,
  powers: [0.7, 0.25, 0.05],
  speeds: [1.2, 0.6, 2.5],
};

/** The reading of `count` points, and five more to predict. */
function task(key: number, count: number): ReferenceTask {
  const random = rng(["best-linear", key]);
  const points = (n: number) => Float32Array.from({ length: n }, () => random.uniform(-5, 5));
  return {
    supportX: points(count),
    supportY: Float32Array.from({ length: count }, () => random.normal()),
    queryX: points(5),
  };
}

Deno.test("the best linear predictor is C_qs (C_ss + σ² I)⁻¹ (y - m) + m, by eigenvectors of a covariance that is written out", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 12 }),
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      (key, n, noise) => {
        const { supportX, supportY, queryX } = task(key, n);
        const { mean, powers, speeds } = MOMENTS;
        const c = (a: number, b: number) => powers.reduce((sum, p, k) => sum + p * Math.cos(speeds[k] * (a - b)), 0);
        const inner = new Matrix(
          [...supportX].map((a, i) => [...supportX].map((b, j) => c(a, b) + (i === j ? noise ** 2 : 0))),
        );
        const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(inner, { assumeSymmetric: true });
        const inverse = eigenvectorMatrix.mmul(Matrix.diag(realEigenvalues.map((value) => 1 / value)))
          .mmul(eigenvectorMatrix.transpose());
        const weights = inverse.mmul(Matrix.columnVector([...supportY].map((y, i) => y - mean(supportX[i]))));
        const predicted = bestLinear({ ...MOMENTS, noise }).predict({ supportX, supportY, queryX });
        [...queryX].forEach((x, q) => {
          near(
            predicted[q],
            mean(x) + [...supportX].reduce((sum, own, i) => sum + c(x, own) * weights.get(i, 0), 0),
            1e-5,
          );
        });
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("it goes through exact readings, knows a curve wholly from as many as it has features, and falls back to the mean", () => {
  const exact = bestLinear({ ...MOMENTS, noise: 0 });
  const { supportX, queryX } = task(1, 6);
  const curve = (x: number) =>
    MOMENTS.mean(x) + Math.sin(1.2 * x + 1) - 0.4 * Math.cos(0.6 * x) + 0.1 * Math.sin(2.5 * x);
  const supportY = supportX.map(curve);
  [...supportX].forEach((x, i) => near(exact.predict({ supportX, supportY, queryX: supportX })[i], curve(x), 1e-4));
  [...queryX].forEach((x, i) => near(exact.predict({ supportX, supportY, queryX })[i], curve(x), 1e-3));
  const deaf = bestLinear({ ...MOMENTS, noise: 1e6 }).predict({ supportX, supportY, queryX });
  [...queryX].forEach((x, i) => near(deaf[i], MOMENTS.mean(x), 1e-6));
});

Deno.test("the covariance of the training stations is that of their tides over starts", () => {
  const family = { ...TIDES, startHours: 1e6 };
  const data = tideDataSet(family, MADE_UP);
  const { queryX, queryY } = data.trainBatch(20_000, 1, 2, ["covariance"]);
  const scale = standardDeviation(MADE_UP.train);
  const found = powers(MADE_UP.train);
  let [left, right, square] = [0, 0, 0];
  for (let t = 0; t < 20_000; t++) {
    const hours = (queryX[2 * t] - queryX[2 * t + 1]) * 2.4;
    const expected = found.reduce((sum, p, k) => sum + p * Math.cos(SPEEDS[k] * hours), 0) / scale ** 2;
    // Regression of products on what is expected of them: slope 1.
    left += queryY[2 * t] * queryY[2 * t + 1] * expected;
    right += expected ** 2;
    square += expected;
  }
  near(left / right, 1, 0.04);
  assert(Math.abs(square / 20_000) < 0.5);
});
