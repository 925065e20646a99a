import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { acrossDomains, withDerivedSet } from "../testing/domains.ts";
import { drawing, full, valuesOf } from "../testing/figures.ts";
import { matrixOf } from "../view/domains.ts";
import { headline, seedDifferences } from "../view/compared.ts";
import { nativePoints } from "../view/native_points.ts";
import { meanOf } from "../statistics/moments.ts";
import { trainByTest, trainByTestDifference } from "./train_by_test.ts";

const CROSSED = acrossDomains(full);
const named = (name: string, input = CROSSED) => input.datasets.find((dataset) => dataset.name === name)!;

Deno.test("a matrix is drawn once, at the data set that begins it, and only where a run tests across domains", () => {
  for (const figure of [trainByTest, trainByTestDifference]) {
    equal(full.datasets.map((dataset) => figure.draw(full, dataset)), [undefined, undefined]);
    const drawn = CROSSED.datasets.filter((dataset) => figure.draw(CROSSED, dataset) !== undefined);
    equal(drawn.map(({ name }) => name), ["sinusoid", "omniglot"]);
    const limited = withDerivedSet(full, "omniglot", "omniglot-of-9-classes", {
      ...{ trainedOn: "omniglot-of-9-classes", trainedTitle: "Omniglot of 9", trainingClasses: 9 },
    });
    ok(limited.datasets.every((dataset) => figure.draw(limited, dataset) === undefined));
  }
});

Deno.test("a matrix holds all that pairs connect, and a data set of its own that is only tested on no row", () => {
  const chained = withDerivedSet(CROSSED, "omniglot", "shapes-to-omniglot", {
    ...{ trainedOn: "shapes", from: "shapes", trainedTitle: "Shapes, 5-way" },
  });
  const pairs = (name: string) =>
    matrixOf(chained, named(name, chained)).map(({ trainedOn, testedOn }) => `${trainedOn} ${testedOn}`);
  equal(pairs("sinusoid"), ["sinusoid sinusoid", "sinusoid waves"]);
  equal(pairs("omniglot"), ["omniglot omniglot", "omniglot shapes", "shapes omniglot"]);
  equal(pairs("sinusoid-to-waves"), []);
});

Deno.test("its tiles are the scores of native use with their intervals, and the differences that verdicts are about", () => {
  const tiles = valuesOf(drawing(trainByTest, CROSSED, "omniglot"));
  const points = nativePoints(CROSSED, named("omniglot-to-shapes")).filter(({ shots }) => shots === 5);
  equal(tiles.length, 2 * points.length);
  for (const { algorithm, shots, interval, innerSteps, sharingDepth } of points) {
    const { title } = CROSSED.algorithms.find(({ name }) => name === algorithm)!;
    const own = tiles.filter((tile) =>
      tile.panel === title && tile.shots === `${shots} shot${shots === 1 ? "" : "s"}` && tile.test === "Shapes, 5-way"
    );
    equal(own.map(({ label }) => label), [interval.mean.toFixed(1)]);
    match(String(own[0].spread), /^\S+ to \S+$/);
    if (algorithm === "maml") equal([innerSteps, sharingDepth], [10, 0]);
    if (algorithm === "mtl") equal([innerSteps, sharingDepth], [null, 4]);
  }
  const differences = valuesOf(drawing(trainByTestDifference, CROSSED, "sinusoid"));
  const pairs = headline(CROSSED, "sinusoid-to-waves");
  const crossed = differences.filter(({ test }) => test === "Square waves");
  equal(crossed.length, pairs.length);
  const expected = meanOf(seedDifferences(CROSSED, pairs[0]).map(({ difference }) => difference));
  ok(Math.abs(Number(crossed[0].level) + expected) < 1e-12);
});
