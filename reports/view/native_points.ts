/** Every algorithm as its authors use it: the one number that stands for it where a figure has room for one. */
import type { DataSetDescription, ReportInput } from "./input.ts";
import { type PointScore, primaryRows, scorePoints } from "./select.ts";
import { algorithmOrder } from "./series.ts";

/** What native use is told by. */
type Used = Pick<PointScore, "algorithm" | "adapter" | "sharingDepth" | "innerSteps">;

/**
 * Of numbers on a data set, those of native use: adapted by the first of an algorithm's own adapters that there is, at its own sharing depth (the first that there
 * is, where its own is not among them), after the most inner steps; in the order of the table of algorithms.
 */
export function nativeAmong<T extends Used>(
  input: Pick<ReportInput, "algorithms">,
  { nativeDepths }: Pick<DataSetDescription, "nativeDepths">,
  numbers: readonly T[],
): T[] {
  return algorithmOrder(input, numbers.map(({ algorithm }) => algorithm)).flatMap((name) => {
    const own = numbers.filter(({ algorithm }) => algorithm === name);
    const described = input.algorithms.find((algorithm) => algorithm.name === name);
    const adapter = described?.nativeAdapters.find((native) => own.some((number) => number.adapter === native)) ??
      own[0].adapter;
    const adapted = own.filter((number) => number.adapter === adapter);
    const native = nativeDepths[name] ?? null;
    const depth = adapted.some(({ sharingDepth }) => sharingDepth === native) ? native : adapted[0].sharingDepth;
    const deep = adapted.filter(({ sharingDepth }) => sharingDepth === depth);
    const most = Math.max(...deep.map(({ innerSteps }) => innerSteps ?? 0));
    return deep.filter(({ innerSteps }) => (innerSteps ?? 0) === most);
  });
}

/** Scores of every algorithm's native use on a data set, one per setting and number of shots. */
export function nativePoints(
  input: Pick<ReportInput, "algorithms" | "cells">,
  dataset: DataSetDescription,
): PointScore[] {
  return nativeAmong(input, dataset, scorePoints(primaryRows(input.cells, dataset.name)));
}
