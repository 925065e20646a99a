/** Memory planning: every value gets bytes for exactly as long as it is needed. */

const ALIGNMENT = 16;

/** Rounds up to the alignment of a SIMD vector; nothing still takes one, so that every allocation has an address of its own. */
export function aligned(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
}

/** A best-fit allocator over one growing range of bytes. */
export class Arena {
  /** Free ranges [start, end), ascending and apart. */
  #free: { start: number; end: number }[] = [];
  #end: number;

  constructor(start: number) {
    this.#end = Math.ceil(start / ALIGNMENT) * ALIGNMENT;
  }

  /** One past the highest byte ever given out. */
  get end(): number {
    return this.#end;
  }

  allocate(bytes: number): number {
    const size = aligned(bytes);
    const index = this.#free.reduce((best, { start, end }, at) => {
      const fits = end - start >= size && (best < 0 || end - start < this.#free[best].end - this.#free[best].start);
      return fits ? at : best;
    }, -1);
    if (index < 0) return this.#extend(size);
    const range = this.#free[index];
    if (range.end - range.start === size) this.#free.splice(index, 1);
    else this.#free[index] = { start: range.start + size, end: range.end };
    return range.start;
  }

  release(start: number, bytes: number): void {
    const end = start + aligned(bytes);
    const index = this.#free.findIndex((range) => range.start >= end);
    this.#free.splice(index < 0 ? this.#free.length : index, 0, { start, end });
    this.#free = this.#free.reduce<{ start: number; end: number }[]>((merged, range) => {
      const last = merged[merged.length - 1];
      if (last !== undefined && last.end === range.start) {
        merged[merged.length - 1] = { start: last.start, end: range.end };
      } else merged.push(range);
      return merged;
    }, []);
  }

  #extend(size: number): number {
    const last = this.#free[this.#free.length - 1];
    const start = last?.end === this.#end ? last.start : this.#end;
    if (last?.end === this.#end) this.#free.pop();
    this.#end = start + size;
    return start;
  }
}
