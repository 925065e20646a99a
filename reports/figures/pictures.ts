/** Which of a data set's pictured episodes and adapted states are drawn. */
import type { DataSetDescription, EpisodePicture, PicturedState, ReportInput } from "../view/input.ts";
import { algorithmOrder } from "../view/palette.ts";
import { groupBy } from "../view/select.ts";

/** The picture to draw: with the number of shots nearest to five, as in the papers' figures. */
export function chosenPicture(input: ReportInput, dataset: string): EpisodePicture | undefined {
  const pictures = input.pictures.filter((picture) => picture.dataset === dataset && picture.states.length > 0);
  return [...pictures].sort((a, b) => Math.abs(a.shots - 5) - Math.abs(b.shots - 5) || a.shots - b.shots)[0];
}

/** Where a state's pictured curve ends; algorithms that train for a number of inner steps have a state for each. */
function lastStep({ illustrations }: PicturedState): number {
  return Math.max(-1, ...illustrations.map(({ innerSteps }) => innerSteps ?? 0));
}

/** One algorithm in a picture, in the form its paper describes. */
export interface ChosenStates {
  readonly algorithm: string;
  readonly sharingDepth: number | null;
  /** Native gradient adaptation, where pictured. */
  readonly gradient: PicturedState | undefined;
  /** Same training, head solved instead, where pictured. */
  readonly solved: PicturedState | undefined;
}

/**
 * MTL and MAML (else the first two algorithms there are), each with its first pictured seed and in its textbook form: MTL with
 * the deepest sharing that leaves a task-specific layer, the others with the shallowest. Of several inner-step counts in training, the largest.
 */
export function chosenStates(picture: EpisodePicture, { layers }: DataSetDescription): ChosenStates[] {
  const groups = groupBy(picture.states, ({ algorithm }) => algorithm);
  const names = algorithmOrder(groups.keys());
  const compared = names.filter((name) => name === "mtl" || name === "maml");
  return (compared.length > 0 ? compared : names.slice(0, 2)).map((algorithm): ChosenStates => {
    const states = groups.get(algorithm) ?? [];
    const depths = states.map(({ sharingDepth }) => sharingDepth ?? 0);
    const open = depths.filter((depth) => depth < layers);
    const depth = algorithm === "mtl" && open.length > 0 ? Math.max(...open) : Math.min(...depths);
    const own = states.filter(({ sharingDepth }) => (sharingDepth ?? 0) === depth);
    const seed = own[0].seed;
    const find = (adapter: string) => {
      const [first, ...others] = own.filter((state) => state.adapter === adapter && state.seed === seed);
      const variants = others.filter((state) =>
        state.taskStart === first.taskStart && state.adaptDepth === first.adaptDepth
      );
      return first && variants.reduce((best, state) => lastStep(state) > lastStep(best) ? state : best, first);
    };
    return {
      algorithm,
      sharingDepth: own[0].sharingDepth,
      gradient: find("gradient"),
      solved: find("solved-head"),
    };
  });
}
