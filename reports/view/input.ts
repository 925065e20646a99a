/** What a report is made of: rows, pictures and the names of things. Plain data; making it needs no file and no clock. */
import type { Comparison, Family } from "../claims/comparison.ts";
import type { JudgedPair } from "../statistics/judge_comparisons.ts";
import type {
  AdaptationTimeRow,
  CalibrationRow,
  CellRow,
  CostToTargetRow,
  DistanceRow,
  DiversityRow,
  EqualOperationsRow,
  GroupRow,
  PredictionRow,
  PublishedRow,
  ReferenceRow,
  RepresentationRow,
  TimingRow,
  TuningRow,
  ValidationRow,
} from "../rows/rows.ts";
import type { Norm, TaskStart } from "../../common/vocabulary.ts";
import type { EpisodeBatch, Metric } from "../../data/contract/dataset.ts";
import type { EpisodeTexts } from "../../data/contract/texts.ts";

/** What a data set is made of, where it is made of others. */
export interface Domain {
  /** Name and title of what is trained on: a data set, or some of its classes. */
  readonly trainedOn: string;
  readonly trainedTitle: string;
  /** Name and title of the data set whose test episodes are scored. */
  readonly testedOn: string;
  readonly testedTitle: string;
  /** Name and title of the data set that `trainedOn` is, or has some of the classes of. */
  readonly from: string;
  readonly fromTitle: string;
  /** Training classes of it; null for all. */
  readonly trainingClasses: number | null;
}

/** A data set as the report names it. */
export interface DataSetDescription {
  readonly name: string;
  /** For headings: "Omniglot, 5-way". */
  readonly title: string;
  /** Paper or site it comes from. */
  readonly source: string;
  readonly metric: Metric;
  /** Shape of one input; length 3 (height, width, channels) where inputs are images. */
  readonly inputShape: readonly number[];
  /** Of images: whether 1 is light; left out where 1 is ink on paper. */
  readonly oneIsLight?: boolean;
  /** L: parametrised layers of the network that the sweep trains on it, head included. */
  readonly layers: number;
  /** Equivalence margin that the sweep declares: accuracy in percentage points, MSE as a ratio. */
  readonly margin: number;
  /** How hidden layers are normalised in this run, in the sweep's order. */
  readonly norms: readonly Norm[];
  /** How many training tasks there are in this run, null for ever new ones, in the sweep's order. */
  readonly trainingTasks: readonly (number | null)[];
  /** By algorithm, the sharing depth of its authors' use; null off the axis. */
  readonly nativeDepths: Readonly<Record<string, number | null>>;
  /** Left out where the data set is made of no other. */
  readonly domain?: Domain;
}

/** An algorithm as the report names it. */
export interface AlgorithmDescription {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly source: string;
  /** How its paper adapts it to a new task. */
  readonly nativeAdapters: readonly string[];
  /** Its place in the table of algorithms: order and colour follow it. */
  readonly rank: number;
}

/** An adapter as the report names it. */
export interface AdapterDescription {
  readonly name: string;
  /** In a sentence: "head solved (ridge)". */
  readonly title: string;
  /** On axes and in columns: "ridge head". */
  readonly short: string;
  readonly readsInnerSteps: boolean;
  /** What validation episodes choose for it, in words; "" where nothing is left to choose. */
  readonly strength: string;
}

/** One adapted state on the pictured episode. */
export interface PicturedState {
  readonly norm: Norm;
  readonly trainingTasks: number | null;
  readonly algorithm: string;
  readonly sharingDepth: number | null;
  readonly adapter: string;
  readonly adaptDepth: number | null;
  readonly taskStart: TaskStart | null;
  readonly seed: number;
  /** Predictions on the pictured episode's query set, along the adaptation curve. */
  readonly illustrations: readonly Illustration[];
}

/** Test episode 0 of a data set at one number of shots, and what trained states predict on it. */
export interface EpisodePicture {
  readonly dataset: string;
  readonly shots: number;
  /** One task (`tasks` = 1). */
  readonly episode: EpisodeBatch;
  /** What its examples read, where they are texts. */
  readonly texts?: EpisodeTexts;
  readonly states: readonly PicturedState[];
}

/** Everything a report shows. */
export interface ReportInput {
  /** Heading of the page. */
  readonly title: string;
  /** In the order they are shown. */
  readonly datasets: readonly DataSetDescription[];
  readonly algorithms: readonly AlgorithmDescription[];
  /** Those that the run's cells use, in the order of the table of adapters. */
  readonly adapters: readonly AdapterDescription[];
  /** In the plan's order: where a cell has variants (task start, adaptation depth), figures show the first one. */
  readonly cells: readonly CellRow[];
  readonly timings: readonly TimingRow[];
  /** In the plan's order, layer by layer; none of runs by versions that did not compare representations. */
  readonly representations: readonly RepresentationRow[];
  /** How differently tasks move the weights; in the plan's order. */
  readonly diversity: readonly DiversityRow[];
  /** Trials; [] where nothing is tuned. */
  readonly tuning: readonly TuningRow[];
  /** Validation curves of the trainings that can be compared by them. */
  readonly curves: readonly ValidationRow[];
  readonly costToTarget: readonly CostToTargetRow[];
  /** Both sides of the answer at equal operations and as they ended. */
  readonly equalOperations: readonly EqualOperationsRow[];
  /** The primary question first. */
  readonly families: readonly Family[];
  /** What the sweep compares, in its order. */
  readonly comparisons: readonly Comparison[];
  /** In the order of verdicts.csv: comparison by comparison. */
  readonly verdicts: readonly JudgedPair[];
  /** In the sweep's order. */
  readonly predictions: readonly PredictionRow[];
  /** Per bin of confidence; none of runs by versions that did not measure it. */
  readonly calibration?: readonly CalibrationRow[];
  /** Scores of groups of classes or tasks; none of such runs. */
  readonly groups?: readonly GroupRow[];
  /** How long adaptation took; none of such runs. */
  readonly adaptationTimes?: readonly AdaptationTimeRow[];
  /** How far the predictions of two methods are apart; none of most runs. */
  readonly distances?: readonly DistanceRow[];
  /** What needs no training: data set by data set, reference by reference, by shots. */
  readonly references: readonly ReferenceRow[];
  /** Published numbers beside ours; none of most runs. */
  readonly published?: readonly PublishedRow[];
  readonly pictures: readonly EpisodePicture[];
  /** Contents of manifest.json: anything that survives JSON. */
  readonly manifest: unknown;
}

/** What episode 0 looked like, for the pictures of the report. */
export interface Illustration {
  readonly innerSteps: number | null;
  /** [nQuery, outputs] predictions (regression) or logits (classification) on episode 0's query set; null where not finite. */
  readonly predictions: readonly (readonly (number | null)[])[];
}

/** Title of an algorithm, or its name where the report has no description of it. */
export function titleOf(algorithms: readonly AlgorithmDescription[], name: string): string {
  return algorithms.find((algorithm) => algorithm.name === name)?.title ?? name;
}
