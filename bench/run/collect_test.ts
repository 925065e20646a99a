import { deepStrictEqual as equal, match, ok } from "node:assert";
import fc from "fast-check";
import type { DataSet } from "../../data/contract/dataset.ts";
import { collect } from "./collect.ts";
import { summarise, zeroPredictorMse } from "./summaries.ts";
import { planSweep } from "../plan/plan.ts";
import { Store } from "../store/store.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import type { TrainingResult } from "../store/types.ts";

Deno.test("statistics are those of the finite scores; what is not finite or beyond its limit is counted", () => {
  const found = summarise([1, null, 4, 9], true, [2, 2, 2, 10]);
  equal([found.episodes, found.finite, found.diverged], [4, 3, 2]);
  equal([found.mean, found.median], [14 / 3, 4]);
  ok(Math.abs((found.sd ?? 0) - 4.041451884327381) < 1e-12);
  ok(Math.abs((found.meanLog ?? 0) - Math.log(36) / 3) < 1e-12);
  equal(summarise([0.5, 1], false).meanLog, null);
  equal(summarise([2], true).sd, null);
  const nothing = summarise([null, null], true);
  equal([nothing.mean, nothing.sd, nothing.median, nothing.meanLog, nothing.diverged], [null, null, null, null, 2]);
});

Deno.test("mean and median lie within the scores, and their order does not move the median", () => {
  fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1 }), (scores) => {
    const { mean, median } = summarise(scores, false);
    const [least, most] = [Math.min(...scores), Math.max(...scores)];
    ok(mean !== null && mean >= least - 1e-9 && mean <= most + 1e-9);
    ok(median !== null && median >= least && median <= most);
    equal(summarise([...scores].reverse(), false).median, median);
  }));
});

Deno.test("predicting zero has each episode's mean square as its error", () => {
  const queryY = Float32Array.of(1, 2, 0, 4);
  const none = new Float32Array(0);
  equal(zeroPredictorMse({ tasks: 2, nSupport: 0, nQuery: 2, supportX: none, supportY: none, queryX: none, queryY }), [
    2.5,
    8,
  ]);
});

Deno.test("cells end as ok, diverged, failed or skipped, each with its reason", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const sweep = fakeSweep(
      { shots: [5], innerSteps: [1], sharingDepths: [0], adapters: ["gradient"], episodes: 2 },
      {
        algorithms: ["joint"],
        seeds: [0, 1, 2, 3, 4],
      },
    );
    const plan = planSweep(sweep, FAKES, PLAIN_ADDRESSES);
    const store = Store.open(folder);
    const ok: TrainingResult = {
      status: "ok",
      reason: "",
      iterations: 1,
      curve: [],
      restarts: 0,
      flops: 2e9,
      validation: [],
      trend: null,
    };
    const [good, bad, crashed, unfinite, unadapted] = plan.units;
    const scored = (scores: (number | null)[]) => ({
      curve: [{ innerSteps: 1, strength: 0.01, scores, adaptFlops: 5e5 }],
      illustrations: [],
    });
    store.putTraining(good.id, {
      ...ok,
      validation: [{ iteration: 1, score: 0.5, flops: 2e9 }],
      trend: { improvement: 1, standardError: 0.1 },
    }, {});
    const moved = { name: "dense1", adapted: true, cka: 0.75, sd: 0.5, episodes: 2, undefinedEpisodes: 0 };
    const dead = { name: "head", adapted: false, cka: null, sd: null, episodes: 2, undefinedEpisodes: 2 };
    store.putEvaluation(good.evaluations[0].id, {
      ...scored([1, 30]),
      representations: [{ innerSteps: 1, layers: [moved, dead] }],
    });
    store.putTraining(bad.id, { ...ok, status: "diverged", reason: "not finite by iteration 3" }, {});
    store.putTraining(unfinite.id, ok, {});
    store.putEvaluation(unfinite.evaluations[0].id, scored([null, null]));
    store.putTraining(unadapted.id, ok, {});
    // Of a data set, collecting asks for the targets of episodes only.
    const curves = {
      kind: "regression",
      episodes: () => ({ tasks: 2, queryY: Float32Array.of(1, 1) }),
    } as unknown as DataSet;
    const failures = new Map([[crashed.id, "it crashed"], [unadapted.evaluations[0].id, "it threw"]]);
    const options = { sweep, catalog: FAKES, opened: new Map([["curves", curves]]), failures };
    const { rows, scores, timings, curves: watched, representations } = collect(plan, store, options);
    equal(rows.map(({ status, reason }) => [status, reason]), [
      ["ok", ""],
      ["diverged", "not finite by iteration 3"],
      ["failed", "it crashed"],
      ["diverged", "no test episode has a finite score"],
      ["failed", "it threw"],
    ]);
    // Both episodes beyond ten times what predicting 0 has.
    store.putEvaluation(good.evaluations[0].id, scored([1e6, 1e7]));
    const [exploded] = collect(plan, store, options).rows;
    equal([exploded.status, exploded.diverged, exploded.mean], ["diverged", 2, 5.5e6]);
    match(exploded.reason, /^every test episode is beyond/);
    equal([rows[0].mean, rows[0].diverged, rows[0].adaptStrength, scores[0]], [15.5, 1, 0.01, [1, 30]]);
    equal([rows[0].flags, rows[1].flags], ["undertrained", ""]);
    const { metaBatch } = sweep.datasets[0].hyper;
    equal([rows[0].trainGflop, rows[0].trainGradients, rows[0].adaptMflop], [2, metaBatch, 0.5]);
    equal([rows[2].trainGflop, rows[2].trainGradients, rows[2].adaptMflop], [null, null, null]);
    equal([rows[2].mean, rows[2].episodes, rows[2].adaptStrength], [null, 0, null]);
    equal(watched.map(({ seed, iteration, score, trainGflop }) => [seed, iteration, score, trainGflop]), [[
      0,
      1,
      0.5,
      2,
    ]]);
    // Results that older versions stored have none.
    equal(
      representations.map((
        row,
      ) => [row.seed, row.innerSteps, row.layer, row.layerName, row.adapted, row.cka, row.ckaSd]),
      [[0, 1, 1, "dense1", "yes", 0.75, 0.5], [0, 1, 2, "head", "no", null, null]],
    );
    equal([representations[1].undefinedEpisodes, representations[1].trainingUnit], [2, `u${good.id.slice(0, 12)}`]);
    equal([timings.length, timings[0].trainGflop, timings[0].trainS], [4, 2, null]);
    const skipped = planSweep(sweep, FAKES, PLAIN_ADDRESSES, new Map([["curves", "not there"]]));
    const row = collect(skipped, store, { ...options, opened: new Map() }).rows[0];
    equal([row.status, row.reason, row.trainingUnit], ["skipped", "not there", ""]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a training that ends far worse than with the other seeds is flagged collapsed, and its verdicts will say so", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const axes = { shots: [5], innerSteps: [1], sharingDepths: [0], adapters: ["gradient"], episodes: 2 };
    const sweep = fakeSweep(axes, { algorithms: ["joint"], seeds: [0, 1, 2, 3, 4] });
    const plan = planSweep(sweep, FAKES, PLAIN_ADDRESSES);
    const store = Store.open(folder);
    plan.units.forEach(({ id }, seed) => {
      const validation = [{ iteration: 1, score: 3, flops: 1 }, {
        iteration: 2,
        score: [0.1, 0.11, 2, 0.1, 0.12][seed],
        flops: 2,
      }];
      store.putTraining(id, {
        ...{ status: "ok" as const, reason: "", iterations: 2, curve: [], restarts: 0, flops: 2 },
        ...{ validation, trend: null },
      }, {});
    });
    const { rows } = collect(plan, store, { sweep, catalog: FAKES, opened: new Map(), failures: new Map() });
    equal(rows.map(({ seed, flags }) => [seed, flags]), [[0, ""], [1, ""], [2, "collapsed"], [3, ""], [4, ""]]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
