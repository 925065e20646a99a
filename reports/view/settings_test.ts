import { deepStrictEqual as equal, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { resultTable } from "../paper/tables.ts";
import { scoreTable } from "../page/tables.ts";
import { page } from "../page/page.ts";
import { placeText } from "./comparison_words.ts";
import { OMNIGLOT, synthetic } from "../testing/synthetic.ts";
import { settingLabel, settingsAmong, settingSentences, varying } from "./settings.ts";

const one = synthetic({ algorithms: ["mtl", "maml"] });
const several = synthetic({
  algorithms: ["mtl", "maml"],
  norms: ["batch", "batch-inductive"],
  still: ["logistic", "prototypes"],
});
const [, images] = several.datasets;
const plain = (text: string) => text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

Deno.test("settings are ordered as their vocabulary, ever new tasks last, and said where there are several", () => {
  const dataset = { norms: ["batch", "none"] as const, trainingTasks: [null, 100] };
  equal(varying(dataset), ["norm", "trainingTasks"]);
  equal(varying(OMNIGLOT), []);
  const rows = [null, 100].flatMap((trainingTasks) =>
    (["batch", "none"] as const).map((norm) => ({ norm, trainingTasks }))
  );
  equal(settingsAmong([...rows, ...rows]).map((setting) => settingLabel(dataset, setting)), [
    "norm none, 100 training tasks",
    "norm none, fresh tasks",
    "norm batch, 100 training tasks",
    "norm batch, fresh tasks",
  ]);
  strictEqual(settingLabel(OMNIGLOT, rows[0]), "");
  match(settingSentences(dataset), /Norm batch: .*transductive.*Norm none: .*100 training tasks: the same/);
});

Deno.test("one normalisation is said once, beside its data set; of several, every number says which", () => {
  match(plain(page(one, [])), /Omniglot, 5-way Norm batch: hidden layers are normalised by the statistics/);
  doesNotMatch(plain(scoreTable(one, one.datasets[1]).text), /\bnorm\b|\bbatch\b/);
  doesNotMatch(one.verdicts.map((pair) => placeText(one, pair)).join(), /norm/);
  match(
    plain(scoreTable(several, images).text),
    /algorithm norm shots sharing depth 0 steps .* logistic head prototypes/,
  );
  match(plain(scoreTable(several, images).text), /MTL batch 1 0 .* MTL batch-inductive 1 0 /);
  for (const pair of several.verdicts.filter(({ key }) => key.dataset === "omniglot")) {
    match(placeText(several, pair), new RegExp(`, norm ${pair.key.a.norm}$`));
  }
  equal(resultTable(several, images)?.columns.map(({ heading }) => heading), [
    ...["algorithm", "norm", "d", "adapter", "1 shot", "5 shots"],
  ]);
});

Deno.test("scores of different normalisations or adapters are never averaged together", () => {
  const table = scoreTable(several, images).text;
  const count = (pattern: RegExp) => table.match(pattern)?.length ?? 0;
  // Two algorithms at two depths, two shots, two normalisations; four numbers of steps and two adapters without any.
  strictEqual(count(/<tr>/g) - 1, 16);
  strictEqual(count(/ ± /g), 16 * 6);
});
