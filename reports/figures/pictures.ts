/** Which of a data set's pictured episodes and adapted states are drawn. */
import type { DataSetDescription, EpisodePicture, PicturedState, ReportInput } from "../view/input.ts";
import { algorithmOrder } from "../view/series.ts";
import { headline } from "../view/compared.ts";

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
 * Both sides of the answer (else the first two algorithms there are), each with its first pictured seed and at the sharing depth of its authors' use, else
 * the shallowest. Of several inner-step counts in training, the largest.
 */
export function chosenStates(
  input: ReportInput,
  picture: EpisodePicture,
  { name, nativeDepths }: DataSetDescription,
): ChosenStates[] {
  const groups = Map.groupBy(picture.states, ({ algorithm }) => algorithm);
  const names = algorithmOrder(input, groups.keys());
  const sides = headline(input, name).slice(0, 1).flatMap(({ key }) => [key.a.algorithm, key.b.algorithm]);
  const compared = names.filter((name) => sides.includes(name));
  return (compared.length > 0 ? compared : names.slice(0, 2)).map((algorithm): ChosenStates => {
    const states = groups.get(algorithm) ?? [];
    const depths = states.map(({ sharingDepth }) => sharingDepth ?? 0);
    const native = nativeDepths[algorithm] ?? 0;
    const depth = depths.includes(native) ? native : Math.min(...depths);
    const own = states.filter(({ sharingDepth }) => (sharingDepth ?? 0) === depth);
    const seed = own[0].seed;
    const find = (curve: boolean) => {
      const [first, ...others] = own.filter((state) => isCurve(state) === curve && state.seed === seed);
      const variants = others.filter((state) =>
        state.taskStart === first.taskStart && state.adaptDepth === first.adaptDepth
      );
      return first && variants.reduce((best, state) => lastStep(state) > lastStep(best) ? state : best, first);
    };
    return {
      algorithm,
      sharingDepth: own[0].sharingDepth,
      gradient: find(true),
      solved: find(false),
    };
  });
}

/** Whether a state was adapted step by step. */
function isCurve({ illustrations }: PicturedState): boolean {
  return illustrations.some(({ innerSteps }) => innerSteps !== null);
}
