import { deepStrictEqual as equal, match, throws } from "node:assert/strict";
import { UsageError } from "../../common/errors.ts";
import { sweepDigest } from "./digest.ts";
import { applyOverrides } from "./overrides.ts";
import { omniglot } from "./omniglot.ts";
import { quick } from "./quick.ts";
import { parseSweep } from "./read.ts";
import { real } from "./real.ts";
import { drawnFrom, variantOf, variants } from "./variants.ts";

/** The Omniglot sweep as a file has it, with other things said of its one data set. */
function read(changes: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const [entry] = omniglot.datasets;
  return parseSweep(structuredClone({ ...omniglot, ...more, datasets: [{ ...entry, ...changes }] }), "x.json");
}

const namesOf = ({ datasets }: { readonly datasets: readonly { readonly name: string }[] }) =>
  datasets.map(({ name }) => name);

function refuses(action: () => unknown, message: RegExp): void {
  throws(action, (error) => {
    match((error as Error).message, message);
    return error instanceof UsageError;
  });
}

Deno.test("every number of ways is a data set of its own, by a name that says it", () => {
  const sweep = read({ ways: [5, 20] });
  equal(sweep.datasets.map(({ name, ways }) => [name, ways]), [["omniglot-5-way", 5], ["omniglot-20-way", 20]]);
  equal(sweep.datasets.map((entry) => variantOf(entry)), [
    { name: "omniglot-5-way", of: "omniglot", style: "usual" },
    { name: "omniglot-20-way", of: "omniglot", style: "usual" },
  ]);
  equal(drawnFrom(sweep)("omniglot-20-way"), "omniglot");
});

Deno.test("ways and styles of episodes multiply, and a style other than the usual one is part of the name", () => {
  equal(namesOf(read({ ways: [5, 20], episodeStyles: ["usual", "hierarchical"] })), [
    ...["omniglot-5-way", "omniglot-5-way-hierarchical"],
    ...["omniglot-20-way", "omniglot-20-way-hierarchical"],
  ]);
  equal(namesOf(read({ episodeStyles: ["imbalanced"] })), ["omniglot-imbalanced"]);
});

Deno.test("a sweep without these axes is read as it stands, and has no variants", () => {
  for (const sweep of [omniglot, quick, real]) {
    const read = parseSweep(JSON.parse(JSON.stringify(sweep)), "x.json");
    equal([read.datasets, sweepDigest(read), variants(read)], [sweep.datasets, sweepDigest(sweep), []]);
  }
  equal(namesOf(read({ ways: [20] })), ["omniglot"]);
  equal(namesOf(read({ episodeStyles: ["usual"] })), ["omniglot"]);
});

Deno.test("what has been read can be read again and stays what it is", () => {
  const sweep = read({ ways: [5, 20], episodeStyles: ["usual", "hierarchical"] });
  equal(parseSweep(structuredClone(sweep), "again"), sweep);
});

Deno.test("what is predicted or compared on a data set, is on each of its variants, by an id of its own", () => {
  const predictions = quick.predictions.filter(({ dataset }) => dataset === "omniglot");
  const [first] = omniglot.comparisons;
  const on = { ...first, id: "here", a: { ...first.a, dataset: "omniglot" } };
  const sweep = read({ ways: [5, 20] }, { predictions, comparisons: [...omniglot.comparisons, on] });
  equal(
    sweep.predictions.map(({ id, dataset }) => [id, dataset]),
    predictions.flatMap(({ id }) => [[`${id}-5-way`, "omniglot-5-way"], [`${id}-20-way`, "omniglot-20-way"]]),
  );
  equal(sweep.comparisons.slice(0, -2), omniglot.comparisons);
  equal(sweep.comparisons.slice(-2).map(({ id, a, b }) => [id, a.dataset, b.dataset]), [
    ["here-5-way", "omniglot-5-way", undefined],
    ["here-20-way", "omniglot-20-way", undefined],
  ]);
  // One variant alone has the prediction as it was.
  equal(read({ episodeStyles: ["hierarchical"] }, { predictions }).predictions.map(({ id }) => id), [
    ...predictions.map(({ id }) => id),
  ]);
});

Deno.test("flags make the axes of what has classes, and leave the rest alone", () => {
  equal(namesOf(applyOverrides(quick, { ways: [5, 20] })), [
    ...["sinusoid", "tides", "languages-5-way", "languages-20-way", "omniglot-5-way", "omniglot-20-way"],
  ]);
  equal(namesOf(applyOverrides(real, { episodeStyles: ["usual", "hierarchical"] })), [
    ...["tides", "languages", "languages-hierarchical"],
  ]);
  const spelt = read({ ways: [5, 20] });
  equal(namesOf(applyOverrides(spelt, { datasets: ["omniglot"] })), ["omniglot-5-way", "omniglot-20-way"]);
  equal(namesOf(applyOverrides(spelt, { datasets: ["omniglot-20-way"] })), ["omniglot-20-way"]);
});

Deno.test("a wrong axis is refused with what is wrong and the way out", () => {
  refuses(() => read({ ways: [] }), /datasets\[0\]\.ways: too small: expected array to have >=1 items/);
  refuses(() => read({ ways: [5, 5] }), /The ways of "omniglot" name 5 twice; name it once/);
  refuses(() => read({ ways: "5" }), /datasets\[0\]\.ways: expected a whole number >= 1 or a list of them/);
  refuses(() => read({ episodeStyles: ["hierarchic"] }), /datasets\[0\]\.episodeStyles\[0\]: /);
  refuses(
    () => read({ of: "omniglot", name: "mine", ways: [5, 20] }),
    /"mine" is a variant of "omniglot": give it one number of ways and one of episodeStyles/,
  );
  refuses(
    () => read({ ways: Array.from({ length: 6000 }, (_, i) => i + 2), episodeStyles: ["usual", "hierarchical"] }),
    /comes to more than 10000 data sets, .*shorten these axes/,
  );
  refuses(() => applyOverrides(quick, { datasets: ["sinusoid"], ways: [5] }), /--ways: no data set .* has classes/);
  refuses(
    () => applyOverrides(read({ ways: [5, 20] }), { ways: [10] }),
    /--ways: this sweep has variants of "omniglot" already, such as "omniglot-5-way"; change them in its file/,
  );
});
