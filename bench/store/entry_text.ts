/** How an entry of the store is written: its body as JSON, beside the checksum of exactly these bytes. */
import { canonicalJson, sha256 } from "../../common/digest.ts";

/** What surrounds the checksum and the body of an entry; ASCII. */
const [BEFORE_DIGEST, BEFORE_BODY, AFTER_BODY] = ['{"sha256":"', '","body":', "}\n"];
const DIGEST_DIGITS = 64;

/** An entry as it is written. */
export function entryText(body: unknown): string {
  const json = canonicalJson(body);
  return `${BEFORE_DIGEST}${sha256(json)}${BEFORE_BODY}${json}${AFTER_BODY}`;
}

/** The body's bytes in those of an entry, laid out as `entryText` does; undefined where it is not. */
export function intactBody(bytes: Uint8Array): Uint8Array | undefined {
  const start = BEFORE_DIGEST.length + DIGEST_DIGITS + BEFORE_BODY.length;
  const end = bytes.length - AFTER_BODY.length;
  if (end <= start || decode(bytes.subarray(end)) !== AFTER_BODY) return undefined;
  const body = bytes.subarray(start, end);
  return decode(bytes.subarray(0, start)) === `${BEFORE_DIGEST}${sha256(body)}${BEFORE_BODY}` ? body : undefined;
}

/** UTF-8 bytes as text. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Numbers that are not finite as null, as JSON has them. */
export function finite(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(finite);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, finite(member)]));
  }
  return value;
}

/** The version of the layout that a store's own file names. */
export function formatIn(bytes: Uint8Array): number | undefined {
  try {
    const { format } = JSON.parse(decode(bytes));
    return typeof format === "number" ? format : undefined;
  } catch {
    return undefined;
  }
}
