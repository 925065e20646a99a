/** Made-up runs for tests: written to folders as runs are, with noise of seeds and episodes that is known, and measured by nothing. */
import { sha256 } from "../../common/digest.ts";
import { join } from "node:path";
import { type Key, rng } from "../../common/random.ts";
import { writeAtomically } from "../../common/files.ts";
import type { Manifest } from "../run/manifest.ts";
import { claimOut, OUT_FORMAT } from "../run/out_folder.ts";
import { writeRecord, writeTables } from "../run/outputs.ts";
import { summarise } from "../run/summaries.ts";
import { sweepDigest } from "../sweeps/digest.ts";
import { smoke } from "../sweeps/smoke.ts";
import type { CellRow, TimingRow } from "../../reports/rows/rows.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { VERDICTS } from "../nightly/read_run.ts";

/** A made-up run; what is left out is as in every other. */
export interface FakeRun {
  /** Names the draws of noise: nights of the same name are the same to the last bit. */
  readonly noise?: string;
  /** Standard deviations of the noise of seeds and of single episodes. */
  readonly seedSd?: number;
  readonly episodeSd?: number;
  /** Added to the logarithm of an MSE, or to an accuracy. */
  readonly shift?: (cell: CellRow) => number;
  /** Changes a row; undefined drops it. */
  readonly row?: (cell: CellRow) => CellRow | undefined;
  readonly timing?: (row: TimingRow) => TimingRow | undefined;
  readonly sweep?: Partial<Sweep>;
  readonly manifest?: Partial<Manifest>;
  /** Contents of verdicts.csv. */
  readonly verdicts?: string;
}

export const EPISODES = 40;
const DATASETS = [["sinusoid", "mse"], ["omniglot", "accuracy"]] as const;
const ALGORITHMS = ["mtl", "maml"];
const SHOTS = [5, 10];
const STEPS = [0, 1, 5];

/** A sweep that fits the rows; nothing is ever trained by it. */
export const FAKE_SWEEP: Sweep = {
  ...smoke,
  name: "fake",
  algorithms: ALGORITHMS,
  seeds: [0, 1, 2],
};

export const MACHINE: Manifest["machine"] = {
  os: "linux",
  osRelease: "6",
  arch: "x86_64",
  cpu: "a processor",
  cores: 2,
  memoryGib: 8,
};

/** Writes a run into a folder, as `deno task bench` leaves it. */
export function writeFakeRun(folder: string, run: FakeRun = {}): void {
  const sweep = { ...FAKE_SWEEP, ...run.sweep };
  const planned = cells(sweep, run);
  const kept = planned.flatMap(({ row, scores }) => {
    const changed = run.row === undefined ? row : run.row(row);
    return changed === undefined ? [] : [{ row: changed, scores: changed.status === "ok" ? scores : [] }];
  });
  const timings = timingsOf(planned.map(({ row }) => row)).flatMap((row) => {
    const changed = run.timing === undefined ? row : run.timing(row);
    return changed === undefined ? [] : [changed];
  });
  const digest = sweepDigest(sweep);
  const manifest: Manifest = {
    format: OUT_FORMAT,
    created: "2026-01-01T00:00:00.000Z",
    sweep,
    sweepDigest: digest,
    versions: { deno: "2.9.6" },
    packages: {},
    backend: { name: "wasm", reason: "" },
    workers: 2,
    machine: MACHINE,
    git: { commit: "0123456789abcdef0123", dirty: false },
    data: { sinusoid: { digest: "aa" }, omniglot: { digest: "bb" } },
    code: { "sinusoid/mtl": { train: "cc", evaluate: "dd" } },
    ...run.manifest,
  };
  claimOut(folder, digest, sweep);
  const [rows, scores] = [kept.map(({ row }) => row), kept.map((entry) => entry.scores)];
  writeTables(
    folder,
    {
      rows,
      scores,
      timings,
      illustrations: new Map(),
      trainings: new Map(),
      curves: [],
      representations: [],
      costToTarget: [],
      equalOperations: [],
      calibration: [],
      groups: [],
      adaptationTimes: [],
      references: [],
      scaling: [],
      published: [],
      diversity: [],
      distances: [],
    },
    [],
    [],
    [],
    manifest,
  );
  const plan = {
    units: [],
    cells: planned.map(({ row }) => ({ ...row, unit: sha256(row.trainingUnit), evaluation: "", skipped: "" })),
  };
  writeRecord(folder, { store: "store", dataDir: "", failures: [], plan, tuning: [] });
  if (run.verdicts === undefined) Deno.removeSync(join(folder, VERDICTS));
  else writeAtomically(join(folder, VERDICTS), run.verdicts);
}

interface Drawn {
  readonly row: CellRow;
  readonly scores: readonly number[];
}

/** Seeds differ by noise of their own in every night, episodes by what is common to all nights and by noise. */
function cells(sweep: Sweep, { noise = "", seedSd = 0.05, episodeSd = 0.3, shift = () => 0 }: FakeRun): Drawn[] {
  const drawn: Drawn[] = [];
  for (const [dataset, metric] of DATASETS) {
    for (const algorithm of ALGORITHMS) {
      for (const [shots, innerSteps] of SHOTS.flatMap((k) => STEPS.map((s) => [k, s]))) {
        for (const seed of sweep.seeds) {
          const name: Key = [dataset, algorithm, shots, innerSteps];
          const unit = `${dataset}-${algorithm}-${seed}`;
          const row: CellRow = {
            ...{
              dataset,
              norm: "none",
              trainingTasks: null,
              algorithm,
              adapter: "gradient",
              shots,
              innerSteps,
              sharingDepth: 0,
              adaptDepth: 0,
            },
            ...{ taskStart: null, seed, adaptStrength: 0.01, metric, status: "ok", reason: "", trainingUnit: unit },
            ...{
              mean: null,
              sd: null,
              median: null,
              meanLog: null,
              nll: null,
              ece: null,
              episodes: EPISODES,
              diverged: 0,
            },
            ...{ trainGflop: 5, trainGradients: 100, adaptMflop: 1, flags: "" },
            ...{ trainedOn: dataset, testedOn: dataset, trainingClasses: null },
          };
          const scale = metric === "mse" ? 1 : 0.1;
          const level = (metric === "mse" ? 1 : 0.7) + scale * (seedSd * rng([noise, "seed", ...name, seed]).normal()) +
            shift(row);
          const [own, common] = [rng([noise, "episode", ...name, seed]), rng(["episode", dataset])];
          const scores = Array.from({ length: EPISODES }, () => {
            const score = level + scale * (episodeSd * own.normal() + 0.5 * common.normal());
            return metric === "mse" ? Math.exp(score) : score;
          });
          const { finite: _, ...numbers } = summarise(scores, metric === "mse");
          drawn.push({ row: { ...row, ...numbers }, scores });
        }
      }
    }
  }
  return drawn;
}

function timingsOf(rows: readonly CellRow[]): TimingRow[] {
  const units = new Map(rows.map((row) => [row.trainingUnit, row]));
  return [...units.values()].map(({ trainingUnit, dataset, algorithm, seed }): TimingRow => ({
    ...{
      trainingUnit,
      dataset,
      norm: "none",
      trainingTasks: null,
      algorithm,
      sharingDepth: 0,
      shots: null,
      innerSteps: null,
      seed,
      iterations: 100,
    },
    ...{
      trainS: 1,
      iterationsPerS: 100,
      validateS: null,
      evaluateS: 1,
      trainGflop: 5,
      peakRssMib: 100,
      backend: "wasm",
    },
  }));
}

/** Runs a test in a folder of its own. */
export async function withFolder(use: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** verdicts.csv with these verdicts at 5 and 10 shots. */
export function verdictsCsv(
  ...entries: readonly (readonly [shots: number, verdict: string, flags?: string])[]
): string {
  const lines = entries.map(([shots, verdict, flags = ""]) =>
    `sinusoid,mse,mtl-maml-matched,matched,mtl,${shots},maml,3,40,0.1,${verdict},,${flags}`
  );
  return [
    "dataset,metric,comparison,family,a_algorithm,a_shots,b_algorithm,n_seeds,n_episodes,diff,verdict,needs,flags",
    ...lines,
    "",
  ].join("\n");
}
