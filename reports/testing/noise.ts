/** Numbers in [-1, 1) that depend on nothing but the parts. */
export function noise(...parts: readonly (string | number)[]): number {
  let hash = 2166136261;
  for (const letter of parts.join("/")) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
  hash = Math.imul(hash ^ (hash >>> 13), 3266489917);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 31 - 1;
}
