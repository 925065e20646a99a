/** Changes of stored files as disks, people and other programs make them, drawn at random. */
import fc from "fast-check";
import { createHash } from "node:crypto";
import { dirname, join, relative } from "node:path";
import { canonicalJson, sha256 } from "../../common/digest.ts";
import { change, changed, HOSTILE, places } from "./hostile.ts";

/** Draws from [0, 1). */
export type Random = () => number;

/** One of some values. */
export function oneOf<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)];
}

/** Changes a file, or what is in its place. @returns in a few words what was done */
export type Damage = (path: string, random: Random, folder: string) => string;

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const whole = (random: Random, below: number) => Math.floor(random() * below);

/** JSON with another value, or another key, in some place; with the checksum that goes with it where the file has one. */
function anotherValue(path: string, random: Random): string {
  const bytes = Deno.readFileSync(path);
  if (/\.(checkpoint|state)$/.test(path)) return anotherHead(path, bytes, random);
  if (path.endsWith(".csv")) return anotherField(path, random);
  let document: unknown;
  try {
    document = JSON.parse(decode(bytes));
  } catch {
    return flipped(path, random);
  }
  const entry = document as { sha256?: unknown; body?: unknown } | null;
  const sealed = typeof entry?.sha256 === "string" && entry.body !== undefined;
  const wrong = oneChange(sealed ? entry.body : document, random);
  const text = JSON.stringify(sealed ? { sha256: sha256(canonicalJson(wrong)), body: wrong } : wrong);
  Deno.writeTextFileSync(path, text ?? "null");
  return "another value";
}

function oneChange(document: unknown, random: Random): unknown {
  const [what] = fc.sample(change, { seed: whole(random, 2 ** 31), numRuns: 1 });
  return changed(document, whole(random, Math.max(1, places(document))), what);
}

/** A checkpoint with another head and the digest that goes with it. */
function anotherHead(path: string, bytes: Uint8Array, random: Random): string {
  const start = bytes.indexOf(10) + 1;
  const end = bytes.indexOf(10, start);
  const head = random() < 0.1 ? "{" : JSON.stringify(oneChange(JSON.parse(decode(bytes.subarray(start, end))), random));
  const body = [bytes.subarray(0, start), new TextEncoder().encode(head), bytes.subarray(end, -32)];
  const hash = createHash("sha256");
  for (const part of body) hash.update(part);
  Deno.writeFileSync(path, Uint8Array.from([...body, hash.digest()].flatMap((part) => [...part])));
  return "another head";
}

/** A table with another field in some line. */
function anotherField(path: string, random: Random): string {
  const lines = Deno.readTextFileSync(path).split("\n");
  const line = whole(random, lines.length);
  const fields = lines[line].split(",");
  const words = [...HOSTILE.filter((word) => word.length < 100), "-1", "1e308", "NaN", "Infinity", '"', '""', "0x1"];
  fields[whole(random, fields.length)] = oneOf(words, random);
  if (random() < 0.1) fields.pop();
  lines[line] = fields.join(",");
  if (random() < 0.2) lines.splice(whole(random, lines.length), 0, lines[whole(random, lines.length)]);
  Deno.writeTextFileSync(path, lines.join("\n"));
  return "another field";
}

function flipped(path: string, random: Random): string {
  const bytes = Deno.readFileSync(path);
  for (let count = 1 + whole(random, 3); count > 0 && bytes.length > 0; count--) {
    bytes[whole(random, bytes.length)] ^= 1 + whole(random, 255);
  }
  Deno.writeFileSync(path, bytes);
  return "bytes changed";
}

function withBytes(words: string, make: (bytes: Uint8Array, random: Random) => Uint8Array): Damage {
  return (path, random) => {
    Deno.writeFileSync(path, make(Deno.readFileSync(path), random));
    return words;
  };
}

const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** What can happen to a file; the likely ones more than once. */
export const DAMAGES: readonly Damage[] = [
  ...[anotherValue, anotherValue, anotherValue, anotherValue, anotherValue, flipped],
  withBytes("cut", (bytes, random) => bytes.subarray(0, whole(random, bytes.length))),
  withBytes("empty", () => new Uint8Array()),
  withBytes("twice", (bytes) => joined(bytes, bytes)),
  withBytes("with zeros", (bytes, random) => bytes.fill(0, whole(random, bytes.length))),
  withBytes("with a byte order mark", (bytes) => joined(Uint8Array.of(0xef, 0xbb, 0xbf), bytes)),
  withBytes(
    "in UTF-16",
    (bytes) => joined(Uint8Array.of(0xff, 0xfe), ...[...bytes].map((byte) => Uint8Array.of(byte, 0))),
  ),
  withBytes("nested deeply", () => new TextEncoder().encode("[".repeat(100_000))),
  (path) => {
    Deno.removeSync(path);
    return "missing";
  },
  (path) => {
    Deno.removeSync(path);
    Deno.mkdirSync(join(path, "a folder"), { recursive: true });
    return "a folder";
  },
  (path) => {
    Deno.removeSync(path);
    Deno.symlinkSync(path, path);
    return "a link to itself";
  },
  (path, random, folder) => {
    const other = oneOf(filesOf(folder), random);
    if (other !== path) Deno.copyFileSync(other, path);
    return `the content of ${relative(folder, other)}`;
  },
  (path) => {
    const above = dirname(path);
    Deno.removeSync(above, { recursive: true });
    Deno.writeTextFileSync(above, "a file");
    return "behind a file";
  },
];

/** The plain files of a folder, sorted, so that draws among them can be repeated. */
export function filesOf(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory, isFile }) => {
    const path = join(folder, name);
    return isDirectory ? filesOf(path) : isFile ? [path] : [];
  }).sort();
}
