/** Every algorithm as its authors use it: the one number that stands for it where a figure has room for one. */
import type { DataSetDescription, ReportInput } from "./input.ts";
import { type PointScore, primaryRows, scorePoints } from "./select.ts";
import { algorithmOrder } from "./series.ts";

/**
 * Scores of every algorithm on a data set, one per setting and number of shots: adapted by the first of its own adapters that the run has, at its own sharing
 * depth (the first that the run has, where its own is not among them), after the most inner steps.
 */
export function nativePoints(
  input: Pick<ReportInput, "algorithms" | "cells">,
  dataset: DataSetDescription,
): PointScore[] {
  const points = scorePoints(primaryRows(input.cells, dataset.name));
  return algorithmOrder(input, points.map(({ algorithm }) => algorithm)).flatMap((name) => {
    const own = points.filter(({ algorithm }) => algorithm === name);
    const described = input.algorithms.find((algorithm) => algorithm.name === name);
    const adapter = described?.nativeAdapters.find((native) => own.some((point) => point.adapter === native)) ??
      own[0].adapter;
    const adapted = own.filter((point) => point.adapter === adapter);
    const native = dataset.nativeDepths[name] ?? null;
    const depth = adapted.some(({ sharingDepth }) => sharingDepth === native) ? native : adapted[0].sharingDepth;
    const deep = adapted.filter(({ sharingDepth }) => sharingDepth === depth);
    const most = Math.max(...deep.map(({ innerSteps }) => innerSteps ?? 0));
    return deep.filter(({ innerSteps }) => (innerSteps ?? 0) === most);
  });
}
