/** Error messages for names that do not exist. */
import { closest, distance } from "fastest-levenshtein";

/** The known name that `value` was probably meant to be; undefined when none is near. */
export function nearest(value: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(value.toLowerCase(), known as string[]);
  const allowed = Math.max(2, Math.ceil(best.length / 3));
  return distance(value.toLowerCase(), best) <= allowed || best.startsWith(value) ? best : undefined;
}

/**
 * One line about an unknown name.
 *
 * @param kind what it would have named, e.g. "algorithm"
 */
export function unknownName(kind: string, value: string, known: readonly string[]): string {
  const guess = nearest(value, known);
  const hint = guess === undefined ? "" : ` Did you mean "${guess}"?`;
  return `Unknown ${kind} "${value}".${hint} Known: ${known.join(", ")}`;
}
