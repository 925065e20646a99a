/** Hostile values, and documents with one of them in some place, for tests of what reads files that may come from anywhere. */
import fc from "fast-check";

/** Names that mean something to JavaScript, terminals, file systems, browsers and databases. */
export const HOSTILE = [
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"],
  ...["../../x", "/etc/passwd", "C:\\x", ".", "", " ", "a,b", "con", "x".repeat(5_000)],
  ...[
    "\u001b[2J",
    "a\nb",
    "a\u2028b",
    "\u202egpj.exe",
    "\ud800",
    "\0",
    "<script>alert(1)</script>",
    "=1+1",
    "%s",
    "${x}",
  ],
];
const NUMBERS = [-1, 0, 1, 2, 1e9, 1e9 + 1, 2 ** 53, 1e308, -0, 0.5, 1e-320];

const leaf = fc.oneof(
  fc.constantFrom(...HOSTILE, ...NUMBERS, null, true, false),
  fc.string(),
  fc.double(),
  fc.integer(),
);
/** Anything that JSON can hold, hostile words and numbers first. */
export const value: fc.Arbitrary<unknown> = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 4 }),
  fc.dictionary(fc.constantFrom(...HOSTILE), leaf),
  fc.jsonValue(),
);

/** What to put into a place: another value, or another key for the same one. */
export type Change = { readonly value: unknown } | { readonly key: string };

/** A change, anywhere. */
export const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ value }),
  fc.record({ key: fc.constantFrom(...HOSTILE) }),
);

/** Replaces what is at the n-th place of a document, counted from the outside, or the key that leads to it. */
export function changed(document: unknown, place: number, change: Change): unknown {
  let next = 0;
  const visit = (at: unknown): unknown => {
    if (Array.isArray(at)) {
      return at.map((member) => next++ === place && "value" in change ? change.value : visit(member));
    }
    if (typeof at !== "object" || at === null) return at;
    return Object.fromEntries(
      Object.entries(at).map(([key, member]) => {
        if (next++ !== place) return [key, visit(member)];
        return "key" in change ? [change.key, member] : [key, change.value];
      }),
    );
  };
  return visit(document);
}

/** How many places a document has. */
export function places(document: unknown): number {
  if (typeof document !== "object" || document === null) return 0;
  return Object.values(document).reduce((sum: number, member) => sum + 1 + places(member), 0);
}
