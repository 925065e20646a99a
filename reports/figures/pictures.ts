/** Which of a data set's pictured episodes and adapted states are drawn. */
import type { Setting } from "../rows/setting.ts";
import type { DataSetDescription, EpisodePicture, PicturedState, ReportInput } from "../view/input.ts";
import { adapterOrder } from "../view/adaptation.ts";
import { settingKey, settingLabel, settingsAmong, varying } from "../view/settings.ts";
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
  readonly setting: Setting;
  /** The same training adapted in every pictured way, in the order of the table of adapters; at least one. */
  readonly adapted: readonly PicturedState[];
  /** The one of these that its authors use, else the first. */
  readonly native: PicturedState;
}

/**
 * Both sides of the answer (else the first two algorithms there are), each with its first pictured seed and setting and at the sharing depth of its
 * authors' use, else the shallowest. Of several inner-step counts in training, the largest.
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
    const [setting] = states.filter((state) => (state.sharingDepth ?? 0) === depth);
    const own = states.filter((state) =>
      (state.sharingDepth ?? 0) === depth && state.seed === setting.seed && settingKey(state) === settingKey(setting)
    );
    const adapted = adapterOrder(input, own.map(({ adapter }) => adapter)).map((adapter) => {
      const [first, ...others] = own.filter((state) => state.adapter === adapter);
      return others.filter((state) => state.taskStart === first.taskStart && state.adaptDepth === first.adaptDepth)
        .reduce((best, state) => lastStep(state) > lastStep(best) ? state : best, first);
    });
    const natives = input.algorithms.find(({ name }) => name === algorithm)?.nativeAdapters ?? [];
    return {
      ...{ algorithm, sharingDepth: setting.sharingDepth, setting, adapted },
      native: adapted.find(({ adapter }) => natives.includes(adapter)) ?? adapted[0],
    };
  });
}

/** Which settings are pictured, as a sentence; "" where a data set has one only. */
export function pictureSettings(dataset: DataSetDescription, states: readonly ChosenStates[]): string {
  if (varying(dataset).length === 0) return "";
  const pictured = settingsAmong(states.map(({ setting }) => setting));
  return `Pictured: ${pictured.map((setting) => settingLabel(dataset, setting)).join("; ")}.`;
}
