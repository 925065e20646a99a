/**
 * The result store: results on disk under their content addresses. An entry is whole or absent, and its checksum is verified whenever it is
 * read; a damaged one is set aside as `<name>.corrupt` and counts as absent. Processes may share a store without locks:
 * two that write the same entry write the same bytes.
 */
import { join, relative } from "node:path";
import { decode, entryText, finite, formatIn, intactBody } from "./entry_text.ts";
import { type Checkpoint, encodeCheckpoint } from "./checkpoint.ts";
import { readCheckpoint } from "./read_checkpoint.ts";
import { UsageError } from "../../common/errors.ts";
import { isPresent, isStale, readIfPresent, removeIfPresent, TEMPORARY, writeAtomically } from "../../common/files.ts";
import { decodeState, encodeState, type StoredState } from "./state_file.ts";
import { type MeasuredEvaluation, type MeasuredTiming, STORED } from "./measures.ts";
import type { TrainingResult, TrainingTiming } from "./types.ts";
import type { Immutable } from "../../common/immutable.ts";
import type { z } from "zod";

const FORMAT = 2;
const FORMAT_FILE = "store.json";
const FOLDERS = ["training", "evaluation", "timing", "failure", "checkpoint"] as const;
type Folder = typeof FOLDERS[number];
type Entry<K extends keyof typeof STORED> = Immutable<z.infer<typeof STORED[K]>>;

/** A file of a store. */
export interface StoredFile {
  /** Within the store. */
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Whether it differs from one time to the next. */
  readonly measured: boolean;
}

/** A folder of results. */
export class Store {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Opens a store for reading; nothing is written.
   *
   * @throws UsageError with the way out when the folder was written by another version
   */
  static open(folder: string): Store {
    const bytes = readIfPresent(join(folder, FORMAT_FILE));
    if (bytes !== undefined) {
      const format = formatIn(bytes);
      if (format === undefined) {
        throw new UsageError(
          `The store ${folder} has a damaged ${FORMAT_FILE}; choose another --store, or remove that file`,
        );
      }
      if (format !== FORMAT) {
        const other = format > FORMAT ? "" : ", of an older version";
        const wayOut = format > FORMAT ? "or update" : "or remove that one, which costs only time";
        throw new UsageError(
          `The store ${folder} has format ${format}${other}; this one reads and writes ${FORMAT}. Choose another --store, ${wayOut}`,
        );
      }
    }
    return new Store(folder);
  }

  /** Makes the folder ready for writing and clears what nobody needs: what broken-off writes left more than an hour ago, and checkpoints of finished trainings. */
  prepare(): void {
    const path = join(this.folder, FORMAT_FILE);
    if (!isPresent(path)) writeAtomically(path, `${JSON.stringify({ format: FORMAT, kind: "bridgebench store" })}\n`);
    for (const folder of FOLDERS) {
      for (const file of filesIn(join(this.folder, folder))) {
        if (file.endsWith(TEMPORARY) && isStale(file)) removeIfPresent(file);
      }
    }
    for (const file of filesIn(join(this.folder, "checkpoint"))) {
      const id = /([0-9a-f]{64})\.checkpoint$/.exec(file)?.[1];
      if (id !== undefined && isPresent(this.#path("training", id, ".json"))) removeIfPresent(file);
    }
  }

  #path(folder: Folder, id: string, extension: string): string {
    return join(this.folder, folder, id.slice(0, 2), id + extension);
  }

  /**
   * The whole files of a training or evaluation, in the order in which they are to be written: what it yielded, and what it took.
   * Damaged ones are left out.
   */
  *files(kind: "training" | "evaluation", id: string): Generator<StoredFile> {
    const parts = kind === "training"
      ? [
        { folder: kind, extension: ".state", whole: () => this.state(id) !== undefined },
        { folder: kind, extension: ".json", whole: () => this.training(id) !== undefined },
        { folder: "timing", extension: ".json", whole: () => this.trainingTiming(id) !== undefined },
      ] as const
      : [
        { folder: kind, extension: ".json", whole: () => this.evaluation(id) !== undefined },
        { folder: "timing", extension: ".evaluation.json", whole: () => this.evaluationTiming(id) !== undefined },
      ] as const;
    for (const { folder, extension, whole } of parts) {
      const path = this.#path(folder, id, extension);
      const bytes = readIfPresent(path);
      if (bytes !== undefined && whole()) {
        yield { name: relative(this.folder, path), path, bytes, measured: folder === "timing" };
      }
    }
  }

  /** A finished training, without its state. */
  training(id: string): TrainingResult | undefined {
    return this.#readJson("training", this.#path("training", id, ".json"));
  }

  /** The state that a finished training left. */
  state(id: string): StoredState | undefined {
    const path = this.#path("training", id, ".state");
    const bytes = readIfPresent(path);
    if (bytes === undefined) return undefined;
    const state = decodeState(bytes);
    if (state === undefined) setAside(path);
    return state;
  }

  /** Keeps a training: first its state, then the result that says it is finished. */
  putTraining(id: string, result: TrainingResult, state: StoredState): void {
    writeAtomically(this.#path("training", id, ".state"), encodeState(state));
    this.#writeJson("training", this.#path("training", id, ".json"), result);
  }

  /** Where an unfinished training is; undefined where nothing fits. */
  checkpoint(id: string): Checkpoint | undefined {
    const path = this.#path("checkpoint", id, ".checkpoint");
    const bytes = readIfPresent(path);
    if (bytes === undefined) return undefined;
    const checkpoint = readCheckpoint(id, bytes);
    if (checkpoint === undefined) setAside(path);
    return checkpoint;
  }

  /** Keeps where a training is, in place of where it was. */
  putCheckpoint(id: string, checkpoint: Checkpoint): void {
    writeAtomically(this.#path("checkpoint", id, ".checkpoint"), () => encodeCheckpoint(id, checkpoint));
  }

  /** Drops what a finished training needs no more. */
  removeCheckpoint(id: string): void {
    removeIfPresent(this.#path("checkpoint", id, ".checkpoint"));
  }

  /** A finished evaluation. */
  evaluation(id: string): MeasuredEvaluation | undefined {
    return this.#readJson("evaluation", this.#path("evaluation", id, ".json"));
  }

  /** Whether the store has this evaluation undamaged, for less than a third of the time that reading it takes. */
  hasEvaluation(id: string): boolean {
    const path = this.#path("evaluation", id, ".json");
    const bytes = readIfPresent(path);
    if (bytes === undefined) return false;
    if (intactBody(bytes) !== undefined) return true;
    setAside(path);
    return false;
  }

  /** Keeps an evaluation. */
  putEvaluation(id: string, result: MeasuredEvaluation): void {
    this.#writeJson("evaluation", this.#path("evaluation", id, ".json"), result);
  }

  /** What a training took. */
  trainingTiming(id: string): TrainingTiming | undefined {
    return this.#readJson("trainingTiming", this.#path("timing", id, ".json"));
  }

  /** Keeps what a training took. */
  putTrainingTiming(id: string, timing: TrainingTiming): void {
    this.#writeJson("trainingTiming", this.#path("timing", id, ".json"), timing);
  }

  /** What an evaluation took. */
  evaluationTiming(id: string): MeasuredTiming | undefined {
    return this.#readJson("evaluationTiming", this.#path("timing", id, ".evaluation.json"));
  }

  /** Keeps what an evaluation took. */
  putEvaluationTiming(id: string, timing: MeasuredTiming): void {
    this.#writeJson("evaluationTiming", this.#path("timing", id, ".evaluation.json"), timing);
  }

  /** Why the latest attempt at a training or evaluation came to nothing; undefined when there was none, or it succeeded. */
  failure(id: string): string | undefined {
    return this.#readJson("failure", this.#path("failure", id, ".json"))?.reason;
  }

  /** Keeps why an attempt came to nothing, for those who were not there. */
  putFailure(id: string, reason: string): void {
    this.#writeJson("failure", this.#path("failure", id, ".json"), { reason });
  }

  /** Forgets failed attempts. */
  removeFailure(id: string): void {
    removeIfPresent(this.#path("failure", id, ".json"));
  }

  /** Every training's timing, for estimates. */
  *trainingTimings(): Generator<TrainingTiming> {
    for (const path of filesIn(join(this.folder, "timing"))) {
      if (!/\/[0-9a-f]{64}\.json$/.test(path.replaceAll("\\", "/"))) continue;
      const timing = this.#readJson("trainingTiming", path);
      if (timing !== undefined) yield timing;
    }
  }

  /** Drops a training and all that is known of it. */
  removeTraining(id: string): void {
    for (const extension of [".json", ".state"]) removeIfPresent(this.#path("training", id, extension));
    this.removeCheckpoint(id);
    removeIfPresent(this.#path("timing", id, ".json"));
    this.removeFailure(id);
  }

  /** Drops an evaluation. */
  removeEvaluation(id: string): void {
    removeIfPresent(this.#path("evaluation", id, ".json"));
    removeIfPresent(this.#path("timing", id, ".evaluation.json"));
    this.removeFailure(id);
  }

  #writeJson<K extends keyof typeof STORED>(kind: K, path: string, body: Entry<K>): void {
    const entry = finite(body);
    const { error } = STORED[kind].safeParse(entry);
    if (error !== undefined) throw new TypeError(`A store's ${kind} would not read back: ${error.message}`);
    writeAtomically(path, entryText(entry));
  }

  #readJson<K extends keyof typeof STORED>(kind: K, path: string): Entry<K> | undefined {
    const bytes = readIfPresent(path);
    if (bytes === undefined) return undefined;
    try {
      const intact = intactBody(bytes);
      const body: unknown = intact === undefined ? undefined : JSON.parse(decode(intact));
      if (body !== undefined && isEntry(kind, body)) return body;
    } catch {
      // Not JSON, though somebody has given it a checksum: as good as damaged.
    }
    setAside(path);
    return undefined;
  }
}

/** Whether a store's entry has its shape. The value itself is handed on, for a parsed copy of a large run's entries costs time. */
function isEntry<K extends keyof typeof STORED>(kind: K, body: unknown): body is Entry<K> {
  return STORED[kind].safeParse(body).success;
}

/** Whether a file was last written more than an hour ago. A wrong clock takes a file from a process that is writing it, which then writes it again. */
/** Renames a damaged entry; where that is not allowed it stays, and is just not believed. */
function setAside(path: string): void {
  try {
    Deno.renameSync(path, `${path}.corrupt`);
  } catch {
    // A dry run, a read-only store, or another process was faster.
  }
}

function* filesIn(folder: string): Generator<string> {
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* filesIn(path);
    else yield path;
  }
}
