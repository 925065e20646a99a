import { deepStrictEqual as equal, notDeepStrictEqual as differ, ok, rejects, throws } from "node:assert/strict";
import { join } from "node:path";
import { withTrainingClasses } from "../contract/limitable.ts";
import type { Collection } from "../contract/collection.ts";
import type { DataSetEntry } from "../contract/dataset.ts";
import { ownEntry } from "../own/mod.ts";
import type { Source } from "../own/source.ts";
import { referencesOf } from "../references/floors.ts";
import { dataSets } from "../registry.ts";
import { collectionDataSet } from "../sampling/collection_data_set.ts";
import { temporaryFolder } from "../testing/mod.ts";
import { images, table, write, writeFolders } from "../testing/own.ts";
import { derivedName } from "./derivation.ts";
import { derivedEntries } from "./mod.ts";

const OPTIONS = { dataDir: "", ways: 1 };

/** Lines of derived data sets among the built-in ones and some of one's own. */
function derive(derivation: Parameters<typeof derivedEntries>[0][number], own: Record<string, Source> = {}) {
  const entries: Record<string, DataSetEntry> = { ...dataSets };
  for (const [name, source] of Object.entries(own)) entries[name] = ownEntry(name, source);
  const made = derivedEntries([derivation], {
    entries,
    sources: new Map(Object.entries(own)),
    own: (name, source, standardisedBy) => ownEntry(name, source, { standardisedBy }),
  });
  return made[derivedName(derivation)];
}

Deno.test("a pair trains and validates on one data set and has the test episodes of the other, with what is known of them", async () => {
  const pair = await derive({ from: "sinusoid", testedOn: "tides" }).open(OPTIONS);
  const [trained, target] = [await dataSets.sinusoid.open(OPTIONS), await dataSets.tides.open(OPTIONS)];
  equal(pair.name, "sinusoid-to-tides");
  equal(pair.trainBatch(2, 3, 4, [1]), trained.trainBatch(2, 3, 4, [1]));
  equal(pair.episodes("validation", 3, 2, 5, 10), trained.episodes("validation", 3, 2, 5, 10));
  equal(pair.episodes("test", 3, 2, 5, 10), target.episodes("test", 3, 2, 5, 10));
  differ(pair.episodes("test", 3, 2, 5, 10), trained.episodes("test", 3, 2, 5, 10));
  equal(referencesOf(pair).map(({ title }) => title), referencesOf(target).map(({ title }) => title));
  equal(pair.meanTarget?.(1), target.meanTarget?.(1));
  // What only the trained one knows says nothing of the other's tasks.
  const back = await derive({ from: "tides", testedOn: "sinusoid" }).open(OPTIONS);
  ok(!("references" in back));
  equal(new Set([pair.digest, back.digest, trained.digest, target.digest]).size, 4);
});

Deno.test("pairs of other kinds or inputs, unknown names and a data set with itself are refused in one line", () => {
  const refused = (testedOn: string, message: RegExp) => throws(() => derive({ from: "sinusoid", testedOn }), message);
  refused(
    "languages",
    /Cannot test what is trained on "sinusoid" on "languages": the one is regression, the other classif/,
  );
  refused("tide", /Unknown data set "tide"\. Did you mean "tides"\?/);
  refused("sinusoid", /"sinusoid" is tested on its own test episodes anyway; leave it out/);
  throws(
    () => derive({ from: "omniglot", testedOn: "languages" }),
    /inputs are 28 x 28 x 1 there and 512 here; choose/,
  );
});

Deno.test("a table that is tested on is standardised by the training rows of the one that was trained on", async () => {
  using folder = temporaryFolder();
  const rows = (task: string, split: string, values: readonly number[]) =>
    values.map((x) => `${task},${split},${x},${10 * x}\n`).join("");
  const head = "task,split,x,target\n";
  const text = head + rows("a", "train", [1, 3]) + rows("b", "val", [0, 1]) + rows("c", "test", [0, 1]);
  const trained = table(write(join(folder.path, "a.csv"), text), { splitColumn: "split" });
  const other = head + rows("d", "train", [7, 8]) + rows("e", "val", [7, 8]) + rows("f", "test", [4, 2]);
  const target = table(write(join(folder.path, "b.csv"), other), { splitColumn: "split" });
  const pair = await derive({ from: "a", testedOn: "b", testSource: target }, { a: trained }).open(OPTIONS);
  // Training rows have mean 2 and standard deviation 1 in x, 20 and 10 in the target.
  const { supportX, supportY, queryX, queryY } = pair.episodes("test", 0, 1, 1, 1);
  equal([...supportX, ...queryX].sort(), [0, 2]);
  equal([...supportY, ...queryY].sort(), [0, 2]);
  const alone = await ownEntry("b", target).open(OPTIONS);
  differ(pair.episodes("test", 0, 1, 1, 1).supportX, alone.episodes("test", 0, 1, 1, 1).supportX);
  const renamed = table(write(join(folder.path, "c.csv"), other.replace("x", "z")), { splitColumn: "split" });
  throws(
    () => derive({ from: "a", testedOn: "c", testSource: renamed }, { a: trained }),
    /c\.csv: its features are z, those of the table that is trained on x; name the same columns in the same order/,
  );
});

/** Twelve classes of which six are for training; an example is its class and number. */
const LETTERS: Collection = {
  name: "letters",
  inputShape: [2],
  digest: "letters",
  classes: Array.from({ length: 12 }, (_, id) => ({ name: `class ${id}`, examples: 6 })),
  splits: { train: [0, 1, 2, 3, 4, 5], validation: [6, 7, 8], test: [9, 10, 11] },
  write: (classId, example, out, at) => out.set([classId, example], at),
};

Deno.test("fewer training classes are among more of them, and validation and test stay as they are", () => {
  const kept = [2, 3, 4, 5, 6].map((count) => withTrainingClasses(LETTERS, count).splits.train);
  equal(kept.map(({ length }) => length), [2, 3, 4, 5, 6]);
  kept.slice(1).forEach((more, index) => ok(kept[index].every((id) => more.includes(id))));
  equal(withTrainingClasses(LETTERS, 6), LETTERS);
  const [few, all] = [collectionDataSet(withTrainingClasses(LETTERS, 3), 2), collectionDataSet(LETTERS, 2)];
  for (const split of ["validation", "test"] as const) {
    equal(few.episodes(split, 0, 5, 2, 2), all.episodes(split, 0, 5, 2, 2));
  }
  equal(few.trainClasses, 3);
  const seen = new Set(few.trainBatch(50, 1, 1, [0]).supportX.filter((_, i) => i % 2 === 0));
  equal([...seen].sort(), withTrainingClasses(LETTERS, 3).splits.train);
  throws(
    () => withTrainingClasses(LETTERS, 7),
    /Cannot train on 7 classes of letters: it has 6 training classes; lower/,
  );
});

Deno.test("images of one's own and languages are trained on some of their classes; what has none is refused", async () => {
  using folder = temporaryFolder();
  const source = images(writeFolders(join(folder.path, "shapes"), 12, 4), { size: 4, validation: 0.25, test: 0.25 });
  const own = { shapes: source };
  const limited = derive({ from: "shapes", trainingClasses: 3 }, own);
  equal([limited.name, limited.title, limited.classes], ["shapes-of-3-classes", "shapes, 3 training classes", 3]);
  equal((await limited.open({ dataDir: "", ways: 2 })).trainClasses, 3);
  throws(
    () => derive({ from: "shapes", trainingClasses: 7 }, own),
    /it has 4 training classes; change trainingClasses/,
  );
  throws(() => derive({ from: "tides", trainingClasses: 7 }), /it is regression: sweep trainingTasks instead/);
  throws(() => derive({ from: "languages-one-script", trainingClasses: 7 }), /its classes cannot be chosen among/);
  await rejects(limited.open({ dataDir: "", ways: 4 }), /3/);
  // Ways of tasks are bounded by the classes that are left.
  const ways = (trainingClasses: number) =>
    (derive({ from: "omniglot", trainingClasses }) as DataSetEntry & { readonly mostWays?: unknown }).mostWays;
  equal([ways(100), ways(1000)], [{ training: 100, everywhere: 100 }, { training: 1000, everywhere: 688 }]);
  const languages = await derive({ from: "languages", trainingClasses: 30 }).open({ dataDir: "", ways: 5 });
  const whole = await dataSets.languages.open({ dataDir: "", ways: 5 });
  equal(languages.trainClasses, 30);
  equal(languages.episodes("test", 0, 2, 1, 5), whole.episodes("test", 0, 2, 1, 5));
  ok("texts" in languages);
});
