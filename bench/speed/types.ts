/** The plain data of a speed measurement: what is measured, by which system, and what came out. */

/** Who computes: this project, or a peer's script under `peers/`. */
export type SystemName = "ours" | PeerName;

/** The scripts under `peers/`, by the names that tables show. */
export type PeerName = "torch-loop" | "torch-func" | "torch-compile" | "jax";

/** One competitor of a workload: a system on a backend, with the cores it may use. */
export interface Competitor {
  readonly system: SystemName;
  /** One of the table of backends for ours, "cpu" for peers. */
  readonly backend: string;
  readonly cores: number;
}

/** What a process says once it is set up, checked and warm. */
export interface Ready {
  readonly type: "ready";
  /** What it runs on, for people. */
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Largest relative error of the meta-gradient in float64 against the reference; null where the process is not checked that way. */
  readonly checkError: number | null;
}

/** What a process says instead when it cannot take part. */
export interface Unable {
  readonly type: "missing" | "failed";
  readonly reason: string;
}

/** One stretch of measuring. */
export interface Stretch {
  readonly type: "stretch";
  /** Milliseconds of each iteration. */
  readonly samplesMs: readonly number[];
  /** Seconds from the first iteration's start to the last one's end. */
  readonly seconds: number;
  /** Highest resident memory of the process so far, MiB. */
  readonly peakRssMib: number;
}

/** How memory moved over many iterations. */
export interface Growth {
  readonly type: "growth";
  readonly iterations: number;
  /** Resident memory after a tenth of the iterations, and after all of them, MiB. */
  readonly earlyRssMib: number;
  readonly lateRssMib: number;
  /** Bytes that the backend holds at the same two points; null where it cannot tell. */
  readonly earlyBytes: number | null;
  readonly lateBytes: number | null;
}

/** How long a batch of training data takes to draw. */
export interface Drawing {
  readonly type: "drawing";
  /** Median milliseconds; null where nothing is drawn or the data set is not there. */
  readonly medianMs: number | null;
}

/** From a measuring process, one JSON value per line. */
export type Reply = Ready | Unable | Stretch | Growth | Drawing;

/** To a measuring process: run for so many seconds; or, to this project's, run so many iterations and watch the memory, or time the drawing of batches. */
export type Order = { readonly seconds: number } | { readonly growth: number } | { readonly draw: true };

/** One line of the result: a workload on a competitor. A number that was not measured is null. */
export interface Row {
  readonly workload: string;
  readonly system: SystemName;
  readonly backend: string;
  /** Cores that the one process may use. */
  readonly cores: number;
  /** Whether the process was bound to its cores by `taskset`. */
  readonly pinned: boolean;
  readonly device: string;
  /** Of one iteration. */
  readonly median_ms: number;
  readonly p25_ms: number;
  readonly p75_ms: number;
  readonly min_ms: number;
  readonly max_ms: number;
  /** Iterations timed. */
  readonly n: number;
  /** Of one process. */
  readonly iterations_per_s: number;
  /** Processes that ran at once, one per core, for the figure that follows. */
  readonly processes: number | null;
  /** Of all of them together. */
  readonly machine_iterations_per_s: number | null;
  /** `machine_iterations_per_s` over that of one process alone, measured right before and after. */
  readonly scaling: number | null;
  /** Floating-point operations of one iteration of this project's program, for every system: what the work is worth. */
  readonly flops: number;
  /** `flops` by the median time. */
  readonly gflop_per_s: number;
  readonly peak_rss_mib: number;
  /** Median milliseconds of drawing one batch of training data, which the times above leave out. */
  readonly draw_ms: number | null;
  /** Largest relative error of a peer's float64 meta-gradient against the reference. */
  readonly check_error: number | null;
  /** Growth of resident memory from a tenth of `growth_iterations` to all of them, MiB. */
  readonly growth_mib: number | null;
  readonly growth_iterations: number | null;
  readonly versions: Readonly<Record<string, string>>;
}
