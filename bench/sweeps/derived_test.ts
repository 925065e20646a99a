import { deepStrictEqual as equal, notStrictEqual as differs, throws } from "node:assert/strict";
import { imagesSource } from "../../data/own/source.ts";
import { UsageError } from "../../common/errors.ts";
import { derivationOf, derivations, withDerived } from "./derived.ts";
import { placesOf, sweepDigest } from "./digest.ts";
import { applyOverrides } from "./overrides.ts";
import { parseSweep } from "./read.ts";
import type { Sweep } from "./schema.ts";
import { smoke } from "./smoke.ts";
import { omniglot } from "./omniglot.ts";
import { allSources, sourced } from "./sourced.ts";
import { drawnFrom, variants } from "./variants.ts";

/** The smallest built-in sweep with something more said of its first data set. */
function sweepWith(more: Record<string, unknown>): Sweep {
  const [first, ...rest] = smoke.datasets;
  return parseSweep({ ...smoke, datasets: [{ ...first, ...more }, ...rest] }, "test");
}

const names = ({ datasets }: Sweep) => datasets.map(({ name }) => name);

Deno.test("testOn and trainingClasses become entries with the settings of what they are made of", () => {
  const sweep = sweepWith({ testOn: ["tides"], trainingClasses: ["all", 20] });
  equal(names(sweep).slice(0, 4), [
    "sinusoid",
    "sinusoid-to-tides",
    "sinusoid-of-20-classes",
    "sinusoid-of-20-classes-to-tides",
  ]);
  const [base, pair, , both] = sweep.datasets;
  equal({ ...pair, name: base.name, derived: undefined }, { ...base, derived: undefined });
  equal(derivationOf(both), { from: "sinusoid", trainingClasses: 20, testedOn: "tides" });
  equal(derivations(sweep).length, 3);
  // What a run keeps of its sweep reads back as the same sweep.
  equal(parseSweep(JSON.parse(JSON.stringify(sweep)), "test"), sweep);
  equal(withDerived(sweep), sweep);
});

Deno.test("sweeps without any are what they were, and a derived entry has the name of what it is", () => {
  const plain = parseSweep(smoke, "test");
  equal(plain, parseSweep(JSON.parse(JSON.stringify(plain)), "test"));
  const [entry] = smoke.datasets;
  const wrong = { ...entry, name: "mine", derived: { from: "sinusoid", testedOn: "tides" } };
  throws(
    () => parseSweep({ ...smoke, datasets: [wrong] }, "test"),
    (error) => error instanceof UsageError && /is derived, so its name is "sinusoid-to-tides"/.test(error.message),
  );
  throws(() => sweepWith({ testOn: [3] }), /datasets\[0\]\.testOn\[0\]: expected the name of a data set/);
  throws(() => sweepWith({ derived: { from: "sinusoid" } }), /expected trainingClasses or testedOn/);
});

Deno.test("data of one's own is named once, and where it lies does not matter to a sweep's digest", () => {
  const at = (path: string) => imagesSource.parse({ reader: "images", path });
  const on = (a: string, b: string) =>
    sweepWith({ name: "birds", source: at(a), testOn: [{ name: "fish", source: at(b) }] });
  const sweep = on("/a/birds", "/a/fish");
  equal(sourced(sweep).map(({ name }) => name), ["birds"]);
  equal(allSources(sweep).map(({ path }) => path), ["/a/birds", "/a/birds", "/a/fish"].slice(1));
  equal(sweepDigest(sweep), sweepDigest(on("/b/birds", "/b/fish")));
  // Its folder by default is another, wherever either of the two lies.
  differs(placesOf(sweep), placesOf(on("/a/birds", "/b/fish")));
  differs(sweepDigest(sweep), sweepDigest(sweepWith({ name: "birds", source: at("/a/birds"), testOn: ["omniglot"] })));
});

Deno.test("a data set that is asked for by name comes with what is made of it; --test-on takes the place of the sweep's own", () => {
  const sweep = sweepWith({ testOn: ["tides"] });
  equal(names(applyOverrides(sweep, { datasets: ["sinusoid"] })), ["sinusoid", "sinusoid-to-tides"]);
  equal(names(applyOverrides(sweep, { datasets: ["sinusoid-to-tides"] })), ["sinusoid-to-tides"]);
  const other = parseSweep(applyOverrides(sweep, { datasets: ["sinusoid"], testOn: ["sinusoid-frequency"] }), "test");
  equal(names(other), ["sinusoid", "sinusoid-to-sinusoid-frequency"]);
});

Deno.test("every value of an axis of ways or episode styles is tested on and limited as a data set of its own", () => {
  const [entry] = omniglot.datasets;
  const read = (more: Record<string, unknown>) =>
    parseSweep(structuredClone({ ...omniglot, datasets: [{ ...entry, ...more }] }), "test");
  const made = { testOn: ["mine"], trainingClasses: ["all", 100] };
  const sweep = read({ ways: [5, 20], episodeStyles: ["hierarchical"], ...made });
  const variant = "omniglot-20-way-hierarchical";
  const four = (name: string) => [name, `${name}-to-mine`, `${name}-of-100-classes`, `${name}-of-100-classes-to-mine`];
  equal(names(sweep), [...four("omniglot-5-way-hierarchical"), ...four(variant)]);
  equal(derivationOf(sweep.datasets.at(-1)!), { from: variant, trainingClasses: 100, testedOn: "mine" });
  // Each variant is known once, and what is trained has the address that it has alone.
  equal(variants(sweep).map(({ name }) => name), ["omniglot-5-way-hierarchical", variant]);
  equal([variant, `${variant}-of-100-classes`].map(drawnFrom(sweep)), ["omniglot", "omniglot-of-100-classes"]);
  equal(parseSweep(JSON.parse(JSON.stringify(sweep)), "again"), sweep);
  const flags = applyOverrides(read({}), { ways: [5, 20], testOn: ["mine"] });
  equal(names(parseSweep(flags, "test")).slice(2), ["omniglot-20-way", "omniglot-20-way-to-mine"]);
  equal(names(applyOverrides(sweep, { datasets: [variant] })), four(variant));
  equal(names(applyOverrides(sweep, { datasets: ["omniglot"] })), names(sweep));
});

Deno.test("what is spelt out as derived has no axes of its own", () => {
  const derived = { name: "omniglot-to-mine", derived: { from: "omniglot", testedOn: "mine" } };
  const read = (more: Record<string, unknown>) =>
    parseSweep(structuredClone({ ...omniglot, datasets: [{ ...omniglot.datasets[0], ...derived, ...more }] }), "test");
  equal(names(read({ ways: [20] })), ["omniglot-to-mine"]);
  for (const more of [{ ways: [5, 20] }, { episodeStyles: ["hierarchical"] }]) {
    throws(
      () => read(more),
      (error) =>
        error instanceof UsageError &&
        /"omniglot-to-mine" is made of "omniglot" already.*give these to "omniglot", with testOn/.test(error.message),
    );
  }
});
