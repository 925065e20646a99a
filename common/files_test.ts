import { deepStrictEqual as equal, throws } from "node:assert";
import { StorageError } from "./errors.ts";
import { readIfPresent } from "./files.ts";

/** What the system says of a file that another machine has replaced. */
const stale = () => Object.assign(new Error("Stale file handle (os error 116)"), { code: "ESTALE" });

Deno.test("a file that another machine replaces while it is read is read again, and not for ever", () => {
  let reads = 0;
  const once = () => {
    if (++reads === 1) throw stale();
    return Uint8Array.of(7);
  };
  equal([readIfPresent("entry", once), reads], [Uint8Array.of(7), 2]);
  throws(() =>
    readIfPresent("entry", () => {
      throw stale();
    }), (error) => error instanceof StorageError && /Cannot read entry: Stale file handle/.test(error.message));
  equal(
    readIfPresent("entry", () => {
      throw new Deno.errors.NotFound();
    }),
    undefined,
  );
});
