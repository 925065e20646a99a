import fc from "fast-check";
import { aligned, Arena } from "./arena.ts";

/** Either allocate so many bytes, or release the n-th live allocation. */
const actions = fc.array(
  fc.oneof(
    fc.record({ allocate: fc.integer({ min: 0, max: 300 }) }),
    fc.record({ release: fc.nat({ max: 50 }) }),
  ),
  { maxLength: 200 },
);

Deno.test("live allocations are aligned, inside the arena and never overlap", () => {
  fc.assert(fc.property(actions, (list) => {
    const arena = new Arena(40);
    const live: { start: number; bytes: number }[] = [];
    for (const action of list) {
      if ("allocate" in action) {
        const start = arena.allocate(action.allocate);
        const end = start + aligned(action.allocate);
        if (start % 16 !== 0 || start < 40 || end > arena.end) throw new Error(`[${start}, ${end}) of ${arena.end}`);
        for (const other of live) {
          if (start < other.start + aligned(other.bytes) && other.start < end) throw new Error("an overlap");
        }
        live.push({ start, bytes: action.allocate });
      } else if (live.length > 0) {
        const [{ start, bytes }] = live.splice(action.release % live.length, 1);
        arena.release(start, bytes);
      }
    }
  }));
});

Deno.test("when everything is released, the arena gives its whole range again without growing", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), (sizes) => {
    const arena = new Arena(0);
    const starts = sizes.map((bytes) => arena.allocate(bytes));
    const end = arena.end;
    starts.forEach((start, index) => arena.release(start, sizes[index]));
    arena.allocate(end);
    if (arena.end !== end) throw new Error(`grew from ${end} to ${arena.end}`);
  }));
});
