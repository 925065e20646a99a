/** What a run has found so far: collected from its store while others write to it, and judged before its time. */
import { join } from "node:path";
import type { ReportInput } from "../../reports/view/input.ts";
import type { JudgedPair } from "../../reports/statistics/judge_comparisons.ts";
import { CATALOG } from "../run/catalog.ts";
import { collect } from "../run/collect.ts";
import { judgeSweep } from "../run/judge_sweep.ts";
import { OUT_FILES, readOut } from "../run/out_folder.ts";
import { prepare, type Prepared } from "../run/prepare.ts";
import { reportInput } from "../run/report_input.ts";
import { knownSweep } from "../run/request.ts";
import { manifestOf, readRunFile, storeOf } from "../run/run_file.ts";
import { planTuned, recallFailures } from "../run/stages.ts";
import { seedsUpTo } from "../plan/rounds.ts";
import { trialUnits, tunedValues } from "../plan/tuning.ts";
import { Store } from "../store/store.ts";
import type { Sweep } from "../sweeps/schema.ts";

/** What there is to show. */
export interface Interim {
  readonly input: ReportInput;
  /** Every comparison on the seeds that are there, without correction for being looked at early. */
  readonly verdicts: readonly JudgedPair[];
}

/** Looks at a run again and again; what does not change while it runs is read once. */
export class Watcher {
  readonly #out: string;
  #known:
    | { readonly began: string; readonly prepared: Prepared; readonly store: Store; readonly sweep: Sweep }
    | undefined;

  /** @param out folder of the run */
  constructor(out: string) {
    this.#out = out;
  }

  /** What it has found so far; undefined before it has begun. @throws UsageError where its files cannot be used */
  async look(): Promise<Interim | undefined> {
    const known = await this.#begin();
    if (known === undefined) return undefined;
    const { prepared, store, sweep } = known;
    const { catalog, opened, trials } = prepared;
    const failures = new Map<string, string>();
    recallFailures({ store, failures }, trialUnits(trials));
    const { tuning } = planTuned({ prepared, store, failures });
    const plan = prepared.plan(tunedValues(tuning), sweep);
    const collected = collect(plan, store, { sweep, catalog, opened, failures });
    const { judged: verdicts } = judgeSweep({ ...sweep, rounds: null }, catalog, opened, collected);
    const manifest = manifestOf(prepared, { workers: 0 });
    const input = reportInput({
      ...{ sweep, catalog, opened, plan, collected, verdicts, tuning, manifest },
      predictions: [],
      references: [],
    });
    return { input, verdicts };
  }

  /** The run as it was begun; a run that begins anew in the same folder is another one. */
  async #begin() {
    const held = readOut(this.#out);
    if (held === undefined) return undefined;
    const run = readRunFile(this.#out);
    const began = `${held.digest} ${run.sweepDigest} ${JSON.stringify(run.code)}`;
    if (this.#known?.began === began) return this.#known;
    const sweep = knownSweep(held.sweep, join(this.#out, OUT_FILES.sweep), CATALOG);
    const store = Store.open(storeOf(this.#out, run));
    const request = { sweep, digest: held.digest, out: this.#out, store: store.folder, dataDir: run.dataDir };
    const prepared = await prepare(request, run.backend, true);
    const { seeds, rounds } = sweep;
    const whole = rounds === null ? sweep : { ...sweep, seeds: seedsUpTo(seeds, Math.max(...rounds)) };
    this.#known = { began, prepared, store, sweep: whole };
    return this.#known;
  }
}
