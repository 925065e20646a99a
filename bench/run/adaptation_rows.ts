/** Rows about what adaptation does to a state: to its representations, and to its weights. */
import { trainingName } from "../../reports/rows/column.ts";
import { cellKeyOf } from "../../reports/rows/place.ts";
import type { DiversityRow, RepresentationRow } from "../../reports/rows/rows.ts";
import type { Plan } from "../plan/plan.ts";
import type { MeasuredEvaluation } from "../store/measures.ts";

/** Evaluations by address, without their pictures. */
type Evaluations = ReadonlyMap<string, Omit<MeasuredEvaluation, "illustrations" | "measures">>;

/** How far adaptation moved each layer's representation, layer by layer. */
export function representationRows({ cells }: Plan, evaluations: Evaluations): RepresentationRow[] {
  return cells.flatMap(({ unit, evaluation, skipped: _, ...key }) => {
    const measured = evaluations.get(evaluation)?.representations ?? [];
    const layers = measured.find(({ innerSteps }) => innerSteps === key.innerSteps)?.layers ?? [];
    return layers.map(({ name, adapted, cka, sd, episodes, undefinedEpisodes }, index): RepresentationRow => ({
      ...key,
      layer: index + 1,
      layerName: name,
      adapted: adapted ? "yes" : "no",
      cka,
      ckaSd: sd,
      episodes,
      undefinedEpisodes,
      trainingUnit: trainingName(unit),
    }));
  });
}

/** How differently tasks moved the weights. */
export function diversityRows({ cells }: Plan, evaluations: Evaluations): DiversityRow[] {
  return cells.flatMap((cell) => {
    const measured = evaluations.get(cell.evaluation)?.diversity ?? [];
    return measured.filter(({ innerSteps }) => innerSteps === cell.innerSteps).map((
      { episodes, weights, effectiveRank, largestShare, rms },
    ): DiversityRow => ({
      ...cellKeyOf(cell),
      ...{ episodes, weights, effectiveRank, largestShare, rms },
      trainingUnit: trainingName(cell.unit),
    }));
  });
}
