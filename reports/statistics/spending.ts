/**
 * How much of a comparison's error rate each look at the results may spend, where seeds come in rounds: stopping at the first look whose plain interval
 * decides would find a winner between equals in one run of four looks in seven, instead of one in twenty.
 *
 * α(t) = α ln(1 + (e - 1) t) is spent when a share t of the seeds has been seen: Lan & DeMets 1983, the function that comes close to Pocock's boundaries (1977),
 * which find large differences early. The level of look k is such that a comparison without a difference is outside its interval for the first time there
 * with probability α(t_k) - α(t_k-1), by the recursion of Armitage, McPherson & Rowe 1969 over estimates that add up independent seeds. What does not shrink
 * with seeds (all share the test episodes) makes looks more alike than that, which is on the safe side.
 *
 * Intervals at these levels are repeated confidence intervals (Jennison & Turnbull 1989): all looks' intervals hold at once with probability 1 - α, so that
 * equivalence may be read off them as well as a winner, and a comparison may stop at either.
 */
import { normalCdf, upperNormal } from "./distributions.ts";

/** Seeds after which results are looked at, unless told otherwise. */
export const ROUNDS: readonly number[] = [5, 10, 20, 40];

/** Lan & DeMets's spending function of Pocock's type. @param share of all seeds, in [0, 1] */
export function spentBy(alpha: number, share: number): number {
  return alpha * Math.log(1 + (Math.E - 1) * Math.min(1, share));
}

/** Points at which the density of estimates that are still inside is held. */
const POINTS = 600;
const known = new Map<string, readonly number[]>();

/**
 * The two-sided error rate of the interval at each look.
 *
 * @param alpha two-sided, of the comparison: its share of its family's error rate
 * @param rounds seeds at each look, rising; the last one is the most there may be
 */
export function lookLevels(alpha: number, rounds: readonly number[] = ROUNDS): readonly number[] {
  const key = JSON.stringify([alpha, rounds]);
  const levels = known.get(key) ?? computed(alpha, rounds);
  known.set(key, levels);
  return levels;
}

/** Estimates times √information, as sums of independent steps: S_k = Σ Z_i √(t_i - t_i-1), outside when |S_k| > c_k √t_k. */
function computed(alpha: number, rounds: readonly number[]): number[] {
  const most = rounds.at(-1);
  if (most === undefined || rounds.some((seeds, k) => seeds <= (rounds[k - 1] ?? 0))) {
    throw new RangeError(`internal: looks at ${rounds.join(", ")} seeds; they must rise`);
  }
  const times = rounds.map((seeds) => seeds / most);
  const levels: number[] = [];
  let inside: Density | undefined;
  for (const [k, time] of times.entries()) {
    const spend = spentBy(alpha, time) - (k === 0 ? 0 : spentBy(alpha, times[k - 1]));
    const step = Math.sqrt(time - (times[k - 1] ?? 0));
    const outside = (bound: number) =>
      inside === undefined ? 2 * normalCdf(-bound / step) : crossing(inside, bound, step);
    const bound = solve(outside, spend, upperNormal(spend / 4) * Math.sqrt(time));
    levels.push(2 * normalCdf(-bound / Math.sqrt(time)));
    inside = after(inside, bound, step);
  }
  return levels;
}

/** Values of a density at evenly spaced points, with the weights of Simpson's rule in them. */
interface Density {
  readonly at: Float64Array;
  readonly mass: Float64Array;
}

/** Probability to be beyond ±bound one step on. */
function crossing({ at, mass }: Density, bound: number, step: number): number {
  let total = 0;
  for (let i = 0; i < at.length; i++) {
    total += mass[i] * (normalCdf((-bound - at[i]) / step) + normalCdf((at[i] - bound) / step));
  }
  return total;
}

/** The density within ±bound one step on. */
function after(before: Density | undefined, bound: number, step: number): Density {
  const at = Float64Array.from({ length: POINTS + 1 }, (_, i) => bound * (2 * i / POINTS - 1));
  const normal = (x: number) => Math.exp(-0.5 * (x / step) ** 2) / (step * Math.sqrt(2 * Math.PI));
  const mass = at.map((x, i) => {
    let density = 0;
    if (before === undefined) density = normal(x);
    else for (let j = 0; j < before.at.length; j++) density += before.mass[j] * normal(x - before.at[j]);
    const weight = i === 0 || i === POINTS ? 1 : i % 2 === 1 ? 4 : 2;
    return density * weight * (2 * bound / POINTS) / 3;
  });
  return { at, mass };
}

/** The bound at which a falling function of it has a value. */
function solve(outside: (bound: number) => number, value: number, high: number): number {
  let [low, top] = [0, high];
  while (outside(top) > value) top *= 1.5;
  for (let i = 0; i < 60; i++) {
    const middle = (low + top) / 2;
    if (outside(middle) > value) low = middle;
    else top = middle;
  }
  return (low + top) / 2;
}
