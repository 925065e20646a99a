/**
 * The tidal constituents and how fast each goes round, from astronomy.
 *
 * A constituent's argument grows by T τ + s σ + h η + p π + p₁ π₁ an hour: its whole numbers (T, s, h, p, p₁) times the rates at which the mean sun's hour
 * angle, the mean longitudes of moon and sun, and those of the moon's and the sun's perigee grow. Rates and numbers are those of Schureman 1958, Manual of
 * Harmonic Analysis and Prediction of Tides (U.S. Coast and Geodetic Survey, Special Publication 98), tables 1 and 2. The node's slow movement, which
 * modulates amplitudes over 18.6 years, is left out, as in the harmonic constants themselves.
 */

/** Degrees per mean solar hour. */
const RATES = [15, 0.54901653, 0.04106864, 0.00464183, 0.00000196] as const;

/** (T, s, h, p, p₁) */
type Numbers = readonly [hourAngle: number, moon: number, sun: number, lunarPerigee: number, solarPerigee: number];

/** By the name that NOAA uses, else that of TICON-4. */
export const CONSTITUENTS = {
  SA: [0, 0, 1, 0, 0],
  SSA: [0, 0, 2, 0, 0],
  MM: [0, 1, 0, -1, 0],
  MSF: [0, 2, -2, 0, 0],
  MF: [0, 2, 0, 0, 0],
  "2Q1": [1, -4, 1, 2, 0],
  SGM: [1, -4, 3, 0, 0],
  Q1: [1, -3, 1, 1, 0],
  RHO: [1, -3, 3, -1, 0],
  O1: [1, -2, 1, 0, 0],
  M1: [1, -1, 1, 1, 0],
  P1: [1, 0, -1, 0, 0],
  S1: [1, 0, 0, 0, 0],
  K1: [1, 0, 1, 0, 0],
  J1: [1, 1, 1, -1, 0],
  OO1: [1, 2, 1, 0, 0],
  EP2: [2, -5, 4, 1, 0],
  "2N2": [2, -4, 2, 2, 0],
  MU2: [2, -4, 4, 0, 0],
  N2: [2, -3, 2, 1, 0],
  NU2: [2, -3, 4, -1, 0],
  MA2: [2, -2, 1, 0, 0],
  M2: [2, -2, 2, 0, 0],
  MB2: [2, -2, 3, 0, 0],
  MKS2: [2, -2, 4, 0, 0],
  LAM2: [2, -1, 0, 1, 0],
  L2: [2, -1, 2, -1, 0],
  T2: [2, 0, -1, 0, 1],
  S2: [2, 0, 0, 0, 0],
  R2: [2, 0, 1, 0, -1],
  K2: [2, 0, 2, 0, 0],
  "2SM2": [2, 2, -2, 0, 0],
  "2MK3": [3, -4, 3, 0, 0],
  M3: [3, -3, 3, 0, 0],
  MK3: [3, -2, 3, 0, 0],
  S3: [3, 0, 0, 0, 0],
  N4: [4, -6, 4, 2, 0],
  MN4: [4, -5, 4, 1, 0],
  M4: [4, -4, 4, 0, 0],
  MS4: [4, -2, 2, 0, 0],
  S4: [4, 0, 0, 0, 0],
  "2MO5": [5, -6, 5, 0, 0],
  "2MK5": [5, -4, 5, 0, 0],
  M6: [6, -6, 6, 0, 0],
  "2MS6": [6, -4, 4, 0, 0],
  S6: [6, 0, 0, 0, 0],
  M8: [8, -8, 8, 0, 0],
} as const satisfies Readonly<Record<string, Numbers>>;

/** A constituent's name. */
export type Constituent = keyof typeof CONSTITUENTS;

/** All names, in the order of the table. */
export const CONSTITUENT_NAMES: readonly Constituent[] = Object.keys(CONSTITUENTS) as Constituent[];

/** Names that other sources use. */
const ALIASES: Readonly<Record<string, Constituent>> = {
  ALPHA2: "MA2",
  BETA2: "MB2",
  EPS2: "EP2",
  LAMBDA2: "LAM2",
  NO1: "M1",
  RHO1: "RHO",
  SA_KV: "SA",
  S1_KV: "S1",
  SIGMA1: "SGM",
};

/** The constituent that a source calls so; undefined for one that is not in the table. */
export function constituentOf(name: string): Constituent | undefined {
  const upper = name.toUpperCase();
  return upper in CONSTITUENTS ? upper as Constituent : ALIASES[upper];
}

/** Speed ω in radians per mean solar hour. */
export function speedOf(constituent: Constituent): number {
  const numbers: Numbers = CONSTITUENTS[constituent];
  return numbers.reduce((sum, own, i) => sum + own * RATES[i], 0) * Math.PI / 180;
}
