import assert from "node:assert/strict";
import { CONSTITUENT_NAMES, constituentOf, speedOf } from "./constituents.ts";

/** Degrees an hour, as NOAA publishes them beside the harmonic constants of its stations (tidesandcurrents.noaa.gov). */
const PUBLISHED: Readonly<Record<string, number>> = {
  ...{ M2: 28.984104, S2: 30, N2: 28.43973, K1: 15.041069, M4: 57.96821, O1: 13.943035, M6: 86.95232 },
  ...{ MK3: 44.025173, S4: 60, MN4: 57.423832, NU2: 28.512583, S6: 90, MU2: 27.968208, "2N2": 27.895355 },
  ...{ OO1: 16.139101, LAM2: 29.455626, S1: 15, M1: 14.496694, J1: 15.5854435, MM: 0.5443747, SSA: 0.0821373 },
  ...{ SA: 0.0410686, MSF: 1.0158958, MF: 1.0980331, RHO: 13.471515, Q1: 13.398661, T2: 29.958933, R2: 30.041067 },
  ...{ "2Q1": 12.854286, P1: 14.958931, "2SM2": 31.015896, M3: 43.47616, L2: 29.528479, "2MK3": 42.92714 },
  ...{ K2: 30.082138, M8: 115.93642, MS4: 58.984104 },
};

Deno.test("the speeds of NOAA's 37 constituents, summed from astronomical rates, are those that NOAA publishes", () => {
  const degrees = Object.keys(PUBLISHED).map((name) => {
    const constituent = constituentOf(name);
    assert(constituent !== undefined, name);
    return speedOf(constituent) * 180 / Math.PI;
  });
  assert.equal(degrees.length, 37);
  Object.values(PUBLISHED).forEach((published, i) => assert(Math.abs(degrees[i] - published) < 1e-5, `${published}`));
});

Deno.test("no two constituents have the same speed, so that a station's constants are those of one curve", () => {
  const speeds = CONSTITUENT_NAMES.map(speedOf).sort((a, b) => a - b);
  for (let i = 1; i < speeds.length; i++) assert(speeds[i] - speeds[i - 1] > 1e-5);
});

Deno.test("a constituent is known by the names of every source, and an unknown one is left alone", () => {
  const known = [["mu2", "MU2"], ["LAMBDA2", "LAM2"], ["SA_KV", "SA"], ["rho1", "RHO"], ["NO1", "M1"]];
  for (const [name, constituent] of known) assert.equal(constituentOf(name), constituent);
  for (const name of ["M(KS)2", "toString", ""]) assert.equal(constituentOf(name), undefined);
});
