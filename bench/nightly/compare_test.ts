import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { Ajv } from "ajv";
import schema from "vega-lite/vega-lite-schema.json" with { type: "json" };
import { renderSvg } from "../../reports/figures/render.ts";
import { historyChart } from "./chart.ts";
import { compare, incomparable } from "./compare.ts";
import { type Entry, ENTRY_FORMAT, parseEntry } from "./entry.ts";
import type { Finding } from "./finding.ts";
import { outcomeOf, statusOf } from "./night.ts";
import { readRun } from "./read_run.ts";
import { summaryOf } from "./summary.ts";
import { type FakeRun, withFolder, writeFakeRun } from "../testing/nightly.ts";
import { THRESHOLDS } from "./thresholds.ts";
import { parseVerdicts } from "./verdict_changes.ts";

const count = fc.nat(20);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const positive = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const place = {
  dataset: fc.constantFrom("sinusoid", "omniglot"),
  norm: fc.constantFrom("none", "batch"),
  trainingTasks: fc.constant(null),
  algorithm: fc.constantFrom("mtl", "maml", "a|b"),
  shots: count,
  innerSteps: maybe(count),
  sharingDepth: maybe(count),
};
const anyCell = fc.record({
  ...place,
  adapter: fc.constantFrom("gradient", "ridge"),
  adaptDepth: maybe(count),
  taskStart: maybe(fc.constantFrom("mean", "random")),
  metric: fc.constantFrom("mse" as const, "accuracy" as const),
  ...{ seeds: count, divergedSeeds: count, mean: maybe(finite), meanLog: maybe(finite), sd: maybe(positive) },
  ...{ episodeSd: maybe(positive), episodes: count, divergedEpisodes: count },
});
const anyTraining = fc.record({
  ...place,
  ...{ shots: maybe(count), seeds: count, trainGflop: maybe(positive), trainS: maybe(positive) },
  iterationsPerS: maybe(positive),
});
const anyVerdict = fc.record({
  // Words that a summary must not contain are looked for below, so they must not come from here.
  key: fc.record({
    dataset: fc.constant("sinusoid"),
    shots: fc.string().filter((text) => !/undefined|NaN/.test(text)),
  }),
  verdict: fc.constantFrom("equivalent", "a-better", "undecided", "none", ""),
  flags: fc.array(fc.constantFrom("boundary", "undertrained: mtl")),
});
const anyEntry: fc.Arbitrary<Entry> = fc.record({
  format: fc.constant(ENTRY_FORMAT),
  run: fc.constant("2026-01-01"),
  date: fc.constant("2026-01-01T00:00:00Z"),
  commit: maybe(fc.constant("0123456789ab")),
  dirty: maybe(fc.boolean()),
  problems: fc.constant([]),
  identity: fc.constant({
    outFormat: 1,
    sweep: "fake",
    sweepDigest: "ab",
    backend: "wasm",
    machine: { os: "linux", arch: "x86_64", cpu: "a processor", cores: 2 },
    data: { sinusoid: "aa", omniglot: null },
  }),
  workers: count,
  versions: fc.constant({}),
  code: fc.constant({}),
  cellsDigest: fc.constant("cd"),
  cells: fc.uniqueArray(anyCell, { selector: (cell) => cell.shots }),
  trainings: fc.uniqueArray(anyTraining, { selector: (row) => row.shots }),
  verdicts: maybe(fc.uniqueArray(anyVerdict, { selector: ({ key }) => key.shots })),
});

Deno.test("whatever a run is, compared with itself nothing has moved, before and after the history's file", () => {
  fc.assert(fc.property(anyEntry, (entry) => {
    equal(incomparable(entry.identity, entry.identity), []);
    for (const again of [entry, parseEntry(JSON.parse(JSON.stringify(entry)))]) {
      const { regressions, notices } = compare(entry, again, THRESHOLDS);
      equal([regressions, notices], [[], []]);
    }
  }));
});

Deno.test("costs that are a regression one way are told the other way, as none", () => {
  fc.assert(fc.property(anyEntry, anyEntry, (a, b) => {
    const costs = (findings: readonly Finding[]) =>
      findings.filter(({ kind }) => kind === "cost").map(({ subject }) => subject).sort();
    const [there, back] = [compare(a, b, THRESHOLDS), compare(b, a, THRESHOLDS)];
    equal(costs(there.regressions), costs(back.notices));
    equal(costs(there.notices), costs(back.regressions));
  }));
});

Deno.test("every summary can be written, and no table breaks", () => {
  fc.assert(fc.property(anyEntry, anyEntry, (base, now) => {
    const outcome = outcomeOf(now, [{ accepted: "2026-01-01", entry: base }], THRESHOLDS);
    const text = summaryOf(now, outcome, THRESHOLDS, "accept");
    for (const line of text.split("\n").filter((line) => line.startsWith("| "))) {
      equal(line.replaceAll("\\|", "").split("|").length, 6, line);
    }
    ok(!/undefined|NaN/.test(text), text);
    ok([0, 1].includes(statusOf(now, outcome)));
  }));
});

/** The night that a made-up run becomes. */
async function entryOf(run: FakeRun, name = "2026-01-01"): Promise<Entry> {
  let entry: Entry | undefined;
  await withFolder((folder) => {
    writeFakeRun(folder, run);
    entry = readRun(folder, new Date(0), name);
  });
  if (entry === undefined) throw new Error("no entry");
  return entry;
}

Deno.test("a run is summarised over its seeds", async () => {
  const { cells, trainings, problems, code } = await entryOf({});
  equal([cells.length, trainings.length, problems], [24, 4, []]);
  const { seeds, meanLog, sd, episodeSd, episodes } = cells.find(({ metric }) => metric === "mse") ?? cells[0];
  equal([seeds, episodes], [3, 40]);
  ok(meanLog !== null && Math.abs(meanLog - 1) < 0.4, `${meanLog}`);
  ok(sd !== null && sd > 0 && sd < 0.2, `${sd}`);
  ok(episodeSd !== null && Math.abs(episodeSd - 0.3) < 0.07, `${episodeSd}`);
  equal(trainings[0].trainGflop, 5);
  equal(Object.keys(code), ["sinusoid/mtl"]);
});

Deno.test("a run whose files are absent or cut off is a night with problems", async () => {
  for (const name of ["cells.csv", "episodes.csv", "timings.csv", "manifest.json", "plan.json"]) {
    await withFolder((folder) => {
      writeFakeRun(folder);
      const path = `${folder}/${name}`;
      const text = Deno.readTextFileSync(path);
      Deno.writeTextFileSync(path, text.slice(0, text.length / 2));
      ok(readRun(folder, new Date(0)).problems.length > 0, name);
      Deno.removeSync(path);
      ok(readRun(folder, new Date(0)).problems.some((line) => line.includes(name)), name);
    });
  }
  await withFolder((folder) => throws(() => readRun(folder, new Date(0)), /holds no run; deno task nightly makes one/));
});

const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);

Deno.test("the chart of any history is a valid spec that draws without a warning", async () => {
  const nights = [
    await entryOf({}, "2026-01-01"),
    await entryOf({ noise: "2", timing: (row) => ({ ...row, iterationsPerS: 120, trainGflop: 6 }) }, "2026-01-02"),
    { ...await entryOf({}, "2026-01-03"), problems: ["it failed"] },
    await entryOf({ manifest: { backend: { name: "cpu", reason: "" } } }, "2026-01-04"),
    await entryOf({ noise: "3", timing: (row) => ({ ...row, iterationsPerS: null, trainGflop: null }) }, "2026-01-05"),
  ];
  for (const history of [nights, nights.slice(0, 4), nights.slice(0, 1)]) {
    const spec = historyChart(history);
    ok(spec !== undefined && validate(spec), JSON.stringify(validate.errors?.slice(0, 3)));
    equal((await renderSvg(spec)).warnings, []);
  }
  const values = JSON.stringify(historyChart(nights));
  ok(values.includes("2026-01-02") && !values.includes("2026-01-03") && !values.includes("2026-01-04"));
  equal(historyChart([]), undefined);
  equal(historyChart(nights.slice(2, 3)), undefined);
});

Deno.test("verdicts are read by their header: columns may be added, only an ambiguous table is refused", () => {
  const csv =
    "dataset,a_algorithm,b_algorithm,new_key,n_seeds,later,flags,verdict\nsinusoid,mtl,maml,x,3,,boundary; undertrained: mtl,equivalent\n";
  equal(parseVerdicts(csv), [{
    key: { dataset: "sinusoid", a_algorithm: "mtl", b_algorithm: "maml", new_key: "x" },
    verdict: "equivalent",
    flags: ["boundary", "undertrained: mtl"],
  }]);
  equal(parseVerdicts("dataset,n_seeds,verdict\n"), []);
  const cases: readonly (readonly [string, RegExp])[] = [
    ["dataset,verdict\na,b\n", /no column "n_seeds"/],
    ["dataset,n_seeds\na,3\n", /no column "verdict"/],
    ["dataset,n_seeds,verdict\na,3,x\na,3,y\n", /row 3: the same comparison/],
    ["dataset,n_seeds,verdict\na,3\n", /row 2: 2 fields, but 3 columns/],
    ["", /no column/],
  ];
  for (const [text, message] of cases) throws(() => parseVerdicts(text), message);
});
