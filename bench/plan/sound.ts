/**
 * Rules about the values of a sweep that its shape does not say: what passes them can be computed, told, drawn and merged. Every sweep comes by here, from
 * wherever it is: flags, a file, the built-in table, the folder of a run, a task of a cluster.
 */
import { algorithmsOn } from "../sweeps/algorithms_on.ts";
import { UsageError } from "../../common/errors.ts";
import { MAX } from "../sweeps/bounds.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";
import type { Catalog } from "./catalog.ts";
import { requireClippable } from "./clippable.ts";
import { requireMemory } from "./memory.ts";
import { hyperOf } from "./validate.ts";

/** Margins that mean something: the ratio of two MSEs, and percentage points of accuracy. */
const RATIO = { least: 1e-3, most: 1e3, nearOne: 1e-3 };
const POINTS = { least: 1e-3, most: 100 };

/** @throws UsageError with one line about the first value that a run could not be done, or told, with */
export function requireSound(sweep: Sweep, catalog: Catalog): void {
  requirePlainValues(sweep, "");
  requireOnce("seeds", sweep.seeds);
  for (const entry of sweep.datasets) {
    requireName(entry.name);
    const { shots, innerSteps, sharingDepths, adapters, norms, adaptDepths, trainingTasks, taskStarts } = entry;
    const axes = { shots, innerSteps, sharingDepths, adapters, norms, adaptDepths, trainingTasks, taskStarts };
    for (const [axis, values] of Object.entries(axes)) requireOnce(`${axis} of "${entry.name}"`, values);
    for (const [name, depths] of Object.entries(entry.depthsOf)) {
      requireOnce(`depthsOf.${name} of "${entry.name}"`, depths);
    }
    requireMargin(entry, catalog);
    for (const name of algorithmsOn(entry, sweep)) requireInnerRate(entry, name, catalog);
  }
  requireMemory(sweep, catalog);
  requireClippable(sweep, catalog);
}

/** Letters that steer a terminal or turn text around, and halves of letters. */
const STEERING = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** What is written to tables and pages must read back as it was. */
function requirePlainValues(value: unknown, place: string): void {
  if (typeof value === "string") {
    if (value.length > MAX.letters) {
      throw new UsageError(`${place}: has ${value.length} letters; a text has at most ${MAX.letters}`);
    }
    if (STEERING.test(value)) throw new UsageError(`${place}: expected text without control characters`);
  } else if (Object.is(value, -0)) throw new UsageError(`${place}: expected 0, got -0`);
  else if (Array.isArray(value)) value.forEach((member, index) => requirePlainValues(member, `${place}[${index}]`));
  else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      requirePlainValues(member, place === "" ? key : `${place}.${key}`);
    }
  }
}

/** What a data set may be called: figures are files of its name, on any file system. */
const NAME = { letters: /^[^./\\:*?"<>|][^/\\:*?"<>|]*$/, mostBytes: 120 };

/** A sweep may name its data sets as it likes where they are its own, or variants. */
function requireName(name: string): void {
  const long = new TextEncoder().encode(name).length > NAME.mostBytes;
  // Tables of data sets are plain objects, which have some names from the start.
  if (!long && NAME.letters.test(name) && !(name in {})) return;
  const shown = long ? `${name.slice(0, 20)}…` : name;
  throw new UsageError(
    `Cannot call a data set "${shown}": pictures are files of its name; choose a short one of letters, digits and hyphens`,
  );
}

/** A value that stands on an axis twice would count as two. */
function requireOnce(axis: string, values: readonly unknown[]): void {
  const seen = new Set<unknown>();
  for (const value of values) {
    if (seen.has(value)) throw new UsageError(`The ${axis} name ${value} twice; name it once`);
    seen.add(value);
  }
}

function requireMargin({ name, margin }: DataSetSweep, catalog: Catalog): void {
  if (catalog.dataSets[name].metric === "accuracy") {
    if (margin >= POINTS.least && margin <= POINTS.most) return;
    throw new UsageError(
      `Cannot use margin ${margin} on "${name}": it is in percentage points of accuracy, ${POINTS.least} to ${POINTS.most}`,
    );
  }
  const far = Math.abs(Math.log(margin)) >= RATIO.nearOne;
  if (far && margin >= RATIO.least && margin <= RATIO.most) return;
  throw new UsageError(
    `Cannot use margin ${margin} on "${name}": it is a ratio of MSEs, ${RATIO.least} to ${RATIO.most} and not 1, such as 1.25`,
  );
}

/** An outer gradient that is the way of the inner loop is divided by its step size. */
function requireInnerRate(entry: DataSetSweep, name: string, catalog: Catalog): void {
  if (catalog.algorithms[name].outerGradient !== "displacement" || hyperOf(entry, name).innerLr > 0) return;
  throw new UsageError(
    `Cannot train ${name} on "${entry.name}" with innerLr 0: what it learns from is the way that its inner loop goes; give it an innerLr above 0`,
  );
}
