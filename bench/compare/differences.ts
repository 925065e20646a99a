/** What two runs were made with, side by side: where sweep, code, data and machine differ. */
import { canonicalJson } from "../../common/digest.ts";
import { ownMember } from "../../common/members.ts";
import type { Manifest } from "../run/manifest.ts";

/** A place where the two differ, with what each has. */
export interface Difference {
  /** "sweep", "code", "data", "backend", "versions". */
  readonly about: string;
  readonly place: string;
  readonly a: string;
  readonly b: string;
}

/** What is compared of a manifest, in the order in which it is told. */
const PARTS: readonly (readonly [about: string, of: (manifest: Manifest) => unknown])[] = [
  ["sweep", ({ sweep }) => sweep],
  ["code", ({ code }) => code],
  ["data", ({ data }) => data],
  ["backend", ({ backend }) => backend.name],
  ["versions", ({ versions, packages }) => ({ ...versions, ...packages })],
];

/** All differences; [] where two runs were made with the same. */
export function differences(a: Manifest, b: Manifest): Difference[] {
  return PARTS.flatMap(([about, of]) =>
    [...differing(of(a), of(b), [])].map(({ path, a, b }): Difference => ({
      about,
      place: path.join(", "),
      a: shownOf(a),
      b: shownOf(b),
    }))
  );
}

interface Place {
  readonly path: readonly string[];
  readonly a: unknown;
  readonly b: unknown;
}

/** The innermost places; lists of things with names are compared name by name. */
function* differing(a: unknown, b: unknown, path: readonly string[]): Generator<Place> {
  if (canonicalJson(a ?? null) === canonicalJson(b ?? null)) return;
  const [left, right] = [membersOf(a), membersOf(b)];
  if (left === undefined || right === undefined) return yield { path, a, b };
  for (const name of [...new Set([...Object.keys(left), ...Object.keys(right)])]) {
    yield* differing(ownMember(left, name), ownMember(right, name), [...path, name]);
  }
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (Array.isArray(value)) {
    const names = value.map((item) => item?.name ?? item?.id);
    if (!names.every((name) => typeof name === "string") || new Set(names).size < names.length) return undefined;
    return Object.fromEntries(value.map((item, index) => [names[index], item]));
  }
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : undefined;
}

const MAX_SHOWN = 120;

function shownOf(value: unknown): string {
  if (value === undefined) return "absent";
  const text = typeof value === "string" ? value : canonicalJson(value);
  const short = text.replaceAll(/[0-9a-f]{64}/g, (digest) => digest.slice(0, 12));
  return short.length <= MAX_SHOWN ? short : `${short.slice(0, MAX_SHOWN)}…`;
}
