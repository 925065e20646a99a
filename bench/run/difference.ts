/** Where two values differ, in words. */
import { canonicalJson } from "../../common/digest.ts";
import { ownMember } from "../../common/members.ts";

/** The first place where two values differ, with both; undefined where they do not. */
export function differenceOf(a: unknown, b: unknown, place = ""): string | undefined {
  if (isRecord(a) && isRecord(b)) {
    for (const key of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()) {
      const found = differenceOf(ownMember(a, key), ownMember(b, key), place === "" ? key : `${place}, ${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (canonicalJson(a ?? null) === canonicalJson(b ?? null)) return undefined;
  const show = (value: unknown) =>
    value === undefined ? "absent" : shorten(String(isRecord(value) ? canonicalJson(value) : value));
  return `${place === "" ? "" : `${place}: `}${show(a)} and ${show(b)}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Digests are told apart by their first digits. */
function shorten(text: string): string {
  return text.replaceAll(/[0-9a-f]{64}/g, (digest) => digest.slice(0, 12));
}
