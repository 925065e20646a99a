/** The tide stations of npm:@neaps/tide-database whose harmonic constants may be used by anyone, each in the split of its country. */
import { z } from "zod";
import { sha256 } from "../../common/digest.ts";
import { SPLITS } from "../../common/vocabulary.ts";
import { DataError, type Split } from "../contract/dataset.ts";
import { type DataPackage, fetchPackage, load } from "../npm/package.ts";
import { type Constituent, constituentOf } from "./constituents.ts";
import countries from "./countries.json" with { type: "json" };

/** Where the stations come from. */
export const TIDE_DATABASE: DataPackage = {
  name: "@neaps/tide-database",
  version: "0.10.20260924",
  entry: "@neaps/tide-database/package.json",
  megabytes: 12,
};

/** A station of one split this near to one of another counts as a copy of it, in km. */
export const APART = 10;

/** One constituent of a station's tide: A cos(ω t - g). */
export interface Harmonic {
  readonly constituent: Constituent;
  /** A, in metres */
  readonly amplitude: number;
  /** g, in radians */
  readonly phase: number;
}

/** One station. */
export interface Station {
  readonly id: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2 */
  readonly country: string;
  /** Degrees */
  readonly latitude: number;
  readonly longitude: number;
  readonly licence: string;
  /** The credit that its licence asks for, to be shown as it is. */
  readonly attribution: string;
  /** Each constituent at most once, in the order of the source. */
  readonly harmonics: readonly Harmonic[];
}

/** The stations of each split, sorted by id. */
export type StationSplits = Readonly<Record<Split, readonly Station[]>>;

/** What is read of the package; a getter's value is not there before it is asked for. */
const moduleShape = z.object({ stations: z.array(z.custom<object>((value) => typeof value === "object")) });
const headShape = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  type: z.string(),
  country_code: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  license: z.object({ type: z.string(), commercial_use: z.boolean() }),
  attribution: z.string(),
});
const harmonicsShape = z.array(z.object({ name: z.string(), amplitude: z.number(), phase: z.number() }));

/**
 * Reads the stations that have harmonic constants of their own and a licence without conditions on use. The package leaves out those that its own review
 * found to be duplicates or implausible.
 *
 * @throws DataError when the package cannot be had or is not what it was
 */
export async function readStations(): Promise<Station[]> {
  const entry = await fetchPackage(TIDE_DATABASE);
  try {
    // The build for workers holds the database itself; Node's reads a file, for which Deno would want a permission.
    const { stations } = moduleShape.parse(await load(new URL("dist/worker/index.js", entry).href));
    return stations.flatMap((source) => {
      const { id, name, kind, type, country_code: country, latitude, longitude, license, attribution } = headShape
        .parse(source);
      if (kind !== "tide" || type !== "reference" || !license.commercial_use) return [];
      const harmonics = harmonicsOf(harmonicsShape.parse((source as Record<string, unknown>).harmonic_constituents));
      const licence = license.type;
      return harmonics.length === 0
        ? []
        : [{ id, name, country, latitude, longitude, licence, attribution, harmonics }];
    });
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(
      `npm:${TIDE_DATABASE.name} is not as version ${TIDE_DATABASE.version} was: put that version back into deno.json`,
      { cause: error },
    );
  }
}

/** The constituents in the table; of two names for one of them, the first counts. */
function harmonicsOf(source: z.infer<typeof harmonicsShape>): Harmonic[] {
  const known = source.flatMap(({ name, amplitude, phase }): Harmonic[] => {
    const constituent = constituentOf(name);
    return constituent === undefined || !(amplitude > 0)
      ? []
      : [{ constituent, amplitude, phase: phase * Math.PI / 180 }];
  });
  return known.filter(({ constituent }, i) => known.findIndex((other) => other.constituent === constituent) === i);
}

/**
 * Divides stations by country. What is within {@linkcode APART} km of a station that is evaluated is left out of training, and of validation where that one
 * is tested: countries border on each other, and a gauge may be listed under two of them.
 */
export function splitStations(stations: readonly Station[]): StationSplits {
  const sorted = stations.toSorted((a, b) => a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  const of = (split: Split) => sorted.filter(({ country }) => countries[split].includes(country));
  const test = of("test");
  const validation = awayFrom(of("validation"), test);
  return { train: awayFrom(of("train"), [...test, ...validation]), validation, test };
}

function awayFrom(stations: readonly Station[], others: readonly Station[]): Station[] {
  // Degrees of latitude tell most pairs apart at once.
  const far = (a: Station, b: Station) =>
    Math.abs(a.latitude - b.latitude) * KM_PER_DEGREE > APART || distance(a, b) > APART;
  return stations.filter((station) => others.every((other) => far(station, other)));
}

const EARTH_RADIUS = 6371;
const RADIANS = Math.PI / 180;
const KM_PER_DEGREE = EARTH_RADIUS * RADIANS;

/** Great-circle distance in km. */
export function distance(
  a: Pick<Station, "latitude" | "longitude">,
  b: Pick<Station, "latitude" | "longitude">,
): number {
  const half = (degrees: number) => Math.sin(degrees * RADIANS / 2) ** 2;
  const h = half(a.latitude - b.latitude) +
    Math.cos(a.latitude * RADIANS) * Math.cos(b.latitude * RADIANS) * half(a.longitude - b.longitude);
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** sha256 of everything that tasks are made of. */
export function digestOf(splits: StationSplits): string {
  const numbers = (harmonics: readonly Harmonic[]) =>
    harmonics.map((own) => [own.constituent, own.amplitude, own.phase]);
  const content = SPLITS.map((split) => splits[split].map(({ id, harmonics }) => [id, numbers(harmonics)]));
  return sha256(JSON.stringify(content));
}
