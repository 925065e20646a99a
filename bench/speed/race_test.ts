import { deepStrictEqual as equal, match } from "node:assert/strict";
import { wronged } from "./race.ts";

const READY = { type: "ready", device: "", versions: {} } as const;

Deno.test("a peer whose meta-gradient is off by more than 1e-6 does not race", () => {
  equal(wronged({ ...READY, checkError: 9e-7 }), undefined);
  equal(wronged({ ...READY, checkError: null }), undefined);
  for (const checkError of [2e-6, NaN]) {
    const found = wronged({ ...READY, checkError });
    equal(found?.type, "failed");
    match(found?.reason ?? "", /it computes something else, so its time means nothing/);
  }
});
