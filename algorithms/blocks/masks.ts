/** Adaptation masks: which layers the inner loop changes. Sharing depth is the family of prefix masks. */

/** Layers 1..d stay as they are, d+1..L are adapted. */
export function frozenPrefix(sharingDepth: number | null, layers: number): boolean[] {
  return Array.from({ length: layers }, (_, index) => index >= (sharingDepth ?? 0));
}

/** All layers but the head are adapted. */
export function bodyOnly(layers: number): boolean[] {
  return Array.from({ length: layers }, (_, index) => index < layers - 1);
}
