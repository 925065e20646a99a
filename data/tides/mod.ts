/**
 * Tides: a task is a tide station and a day, y(t) = Σ_k A_k cos(ω_k t - g_k) over 24 hours, with the harmonic constants that were measured there and the
 * astronomical speeds of the constituents. All tasks are linear in the same features cos ω_k t and sin ω_k t, so one shared representation serves them.
 *
 * - x is time, 24 hours scaled to [-5, 5]; y is the height of the tide over its mean, in units of the training tasks' standard deviation.
 * - A task's day starts at a time of its own, drawn from 18.6 years (one cycle of the moon's node): at one fixed start, spring tide, perigee and the rest would
 *   stand at every station as the phases g say, on the same day of the same year, and a curve would be all there is of a station.
 * - Stations are split by country. A station of one country is in one split only, and none is within 10 km of one in another split.
 */
import type { Rng } from "../../common/random.ts";
import type { DataSetEntry, Split } from "../contract/dataset.ts";
import type { ReferencedDataSet } from "../contract/reference.ts";
import type { TaskFamily } from "../contract/task_family.ts";
import { missingPackage } from "../npm/package.ts";
import { curveFamily } from "../sampling/curves.ts";
import { familyDataSet } from "../sampling/family_data_set.ts";
import { bestLinear } from "./best_linear.ts";
import { speedOf } from "./constituents.ts";
import { meanTide, powers, SPEEDS, standardDeviation } from "./moments.ts";
import { digestOf, readStations, splitStations, type Station, type StationSplits, TIDE_DATABASE } from "./stations.ts";

/** What defines a family of tides. */
export interface TideFamily {
  readonly name: string;
  /** Length of a task in hours. */
  readonly hours: number;
  /** What the hours are scaled to. */
  readonly x: readonly [low: number, high: number];
  readonly gridPoints: number;
  /** Starts are drawn from [0, startHours). */
  readonly startHours: number;
  /** Standard deviation of the error of a reading, in units of y. What is scored has none. */
  readonly noise: number;
}

/** `tides` */
export const TIDES: TideFamily = {
  name: "tides",
  hours: 24,
  x: [-5, 5],
  gridPoints: 100,
  startHours: 18.6 * 8766,
  noise: 0,
};

/** `tides-noisy`: every reading is off, by 0.1 standard deviations of the tide. */
export const NOISY_TIDES: TideFamily = { ...TIDES, name: "tides-noisy", noise: 0.1 };

/** Makes the data set of a family. */
export function tideDataSet(ranges: TideFamily, stations: StationSplits): ReferencedDataSet {
  const { hours, x: [low, high], startHours, noise } = ranges;
  const scale = standardDeviation(stations.train);
  const hoursPerUnit = hours / (high - low);
  const mean = meanTide(stations.train, startHours);
  const meanAt = (x: number) => mean((x - low) * hoursPerUnit) / scale;
  const curve = (random: Rng, split: Split) => {
    const own = stations[split];
    const station = own[random.int(own.length)];
    return tideAt(station, random.uniform(0, startHours) - low * hoursPerUnit, scale, hoursPerUnit);
  };
  const constants = { ...ranges, stations: digestOf(stations) };
  const family = curveFamily(constants, curve, meanAt);
  return {
    ...familyDataSet(noise === 0 ? family : withNoise(family, noise)),
    references: [bestLinear({
      mean: meanAt,
      powers: powers(stations.train).map((own) => own / scale ** 2),
      speeds: SPEEDS.map((speed) => speed * hoursPerUnit),
      noise,
    })],
  };
}

/** The height of the tide at x, `hoursPerUnit` x hours after an origin. */
export function tideAt(
  { harmonics }: Station,
  origin: number,
  scale: number,
  hoursPerUnit: number,
): (x: number) => number {
  const n = harmonics.length;
  const [amplitudes, speeds, phases] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  harmonics.forEach(({ constituent, amplitude, phase }, k) => {
    const speed = speedOf(constituent);
    amplitudes[k] = amplitude / scale;
    speeds[k] = speed * hoursPerUnit;
    phases[k] = (speed * origin - phase) % (2 * Math.PI);
  });
  return (x) => {
    let height = 0;
    for (let k = 0; k < n; k++) height += amplitudes[k] * Math.cos(speeds[k] * x + phases[k]);
    return height;
  };
}

/** Adds an error to every example; the targets that are scored have none. */
function withNoise(family: TaskFamily, noise: number): TaskFamily {
  return {
    ...family,
    drawTask(random, split) {
      const task = family.drawTask(random, split);
      return {
        ...task,
        examples(random, count, x, y, at) {
          for (let i = at; i < at + count; i++) {
            task.examples(random, 1, x, y, i);
            y[i] += noise * random.normal();
          }
        },
      };
    },
  };
}

/** The line of a family in the table of data sets. */
function tideEntry(ranges: TideFamily, title: string, summary: string): DataSetEntry {
  return {
    ...{ name: ranges.name, title, summary, kind: "regression", metric: "mse", inputShape: [1] },
    source:
      "Neaps tide database (github.com/openwatersio/tide-database): NOAA, public domain; TICON-4 (Hart-Davis et al. 2025, " +
      "doi.org/10.17882/109129) and Kartverket, CC BY 4.0, modified; see docs/data.md",
    sourceFiles: ["data/tides/mod.ts"],
    missing: () => missingPackage(TIDE_DATABASE, ranges.name),
    open: async () => tideDataSet(ranges, splitStations(await readStations())),
  };
}

/** The line of `tides`. */
export const tides: DataSetEntry = tideEntry(
  TIDES,
  "Tides",
  "Regression on a day's tide at one of 3,600 stations: real curves that share their frequencies, split by country",
);

/** The line of `tides-noisy`. */
export const noisyTides: DataSetEntry = tideEntry(
  NOISY_TIDES,
  "Tides, noisy readings",
  "Tides whose readings are off by 0.1 standard deviations",
);
