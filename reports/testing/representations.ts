/** Made-up similarities of representations for made-up cells. */
import { cellKeyOf } from "../rows/place.ts";
import type { CellRow, RepresentationRow } from "../rows/rows.ts";
import type { DataSetDescription } from "../view/input.ts";

type Noise = (...parts: readonly (string | number)[]) => number;

/** Those of every cell that is adapted by gradient. */
export function syntheticRepresentations(
  cells: readonly CellRow[],
  datasets: readonly DataSetDescription[],
  noise: Noise,
): RepresentationRow[] {
  const layers = new Map(datasets.map((dataset) => [dataset.name, dataset.layers]));
  return cells.flatMap((row) => layersOf(row, layers.get(row.dataset) ?? 0, noise));
}

/** Layers move the further they are from the input; frozen ones stay. */
function layersOf(row: CellRow, layers: number, noise: Noise): RepresentationRow[] {
  const { algorithm, shots, innerSteps, adaptDepth, seed } = row;
  if (row.status !== "ok" || innerSteps === null) return [];
  return Array.from({ length: layers }, (_, index): RepresentationRow => {
    const layer = index + 1;
    const frozen = layer <= (adaptDepth ?? 0);
    const moved = innerSteps * layer * (0.008 + 0.004 * noise(algorithm, layer, seed, shots));
    return {
      ...cellKeyOf(row),
      layer,
      layerName: layer === layers ? "head" : `dense${layer}`,
      adapted: frozen || (algorithm === "boil" && layer === layers) ? "no" : "yes",
      cka: frozen ? 1 : Math.exp(-moved),
      ckaSd: frozen ? 0 : 0.1,
      episodes: 50,
      undefinedEpisodes: 0,
      trainingUnit: row.trainingUnit,
    };
  });
}
