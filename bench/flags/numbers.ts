/** Lists and ranges as users write them. */
import { UsageError } from "../../common/errors.ts";
import { MAX } from "../sweeps/bounds.ts";

const MAX_VALUES = 10_000;

const UNITS = { s: 1, m: 60, h: 3600 } as const;

/** Parses "90s", "5m" or "2h". @returns seconds */
export function parseDuration(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|h)$/.exec(text.trim());
  if (match === null) throw new UsageError(`${flag} "${text}": expected a time such as 90s, 5m or 2h`);
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}

const MAX_PORT = 65_535;

/** Parses a port, or nothing, which is 0: any that is free. */
export function parsePort(flag: string, text: string): number {
  if (text === "") return 0;
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_PORT) return Number(text);
  throw new UsageError(`${flag} "${text}": expected a port from 1 to ${MAX_PORT}, or nothing for a free one`);
}

/** Parses "1,5,10" into its parts; empty parts are an error. */
export function parseNames(flag: string, text: string): string[] {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.some((part) => part === "")) {
    throw new UsageError(`${flag} "${text}": expected a comma-separated list without empty parts`);
  }
  return [...new Set(parts)];
}

/**
 * Parses whole numbers and ranges: "0-4,7" is 0, 1, 2, 3, 4, 7. The result is ascending and free of repetitions.
 *
 * @throws UsageError naming the flag and the part that is wrong
 */
export function parseIntegers(flag: string, text: string, least: number, most = MAX.number): number[] {
  const values = new Set<number>();
  for (const part of parseNames(flag, text)) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (match === null) {
      throw new UsageError(`${flag} "${text}": "${part}" is not a whole number or a range like 0-4`);
    }
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (last < first) {
      throw new UsageError(`${flag} "${text}": the range ${part} runs backwards; write ${last}-${first}`);
    }
    for (const bound of [first, last]) {
      if (bound < least) throw new UsageError(`${flag} "${text}": ${bound} is below the least value, ${least}`);
      if (bound > most) throw new UsageError(`${flag} "${text}": ${bound} is above the greatest value, ${most}`);
    }
    if (last - first + 1 + values.size > MAX_VALUES) {
      throw new UsageError(`${flag} "${text}": more than ${MAX_VALUES} values`);
    }
    for (let value = first; value <= last; value++) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}
