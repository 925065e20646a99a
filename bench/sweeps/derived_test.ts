import { deepStrictEqual as equal, notStrictEqual as differs, throws } from "node:assert/strict";
import { imagesSource } from "../../data/own/source.ts";
import { UsageError } from "../../common/errors.ts";
import { derivationOf, derivations, withDerived } from "./derived.ts";
import { sweepDigest } from "./digest.ts";
import { applyOverrides } from "./overrides.ts";
import { parseSweep } from "./read.ts";
import type { Sweep } from "./schema.ts";
import { smoke } from "./smoke.ts";
import { allSources, sourced } from "./sourced.ts";

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
  differs(sweepDigest(sweep), sweepDigest(sweepWith({ name: "birds", source: at("/a/birds"), testOn: ["omniglot"] })));
});

Deno.test("a data set that is asked for by name comes with what is made of it; --test-on takes the place of the sweep's own", () => {
  const sweep = sweepWith({ testOn: ["tides"] });
  equal(names(applyOverrides(sweep, { datasets: ["sinusoid"] })), ["sinusoid", "sinusoid-to-tides"]);
  equal(names(applyOverrides(sweep, { datasets: ["sinusoid-to-tides"] })), ["sinusoid-to-tides"]);
  const other = parseSweep(applyOverrides(sweep, { datasets: ["sinusoid"], testOn: ["sinusoid-frequency"] }), "test");
  equal(names(other), ["sinusoid", "sinusoid-to-sinusoid-frequency"]);
});
