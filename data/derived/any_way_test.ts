import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { inEpisodeOrder } from "../contract/varied.ts";
import { dataSets } from "../registry.ts";
import { collectionDataSet } from "../sampling/collection_data_set.ts";
import { glyphs } from "../testing/glyphs.ts";
import { ANY_WAY, anyWayDataSet, waysUpTo } from "./any_way.ts";
import { derivedEntries } from "./mod.ts";

const SIZES = { side: 4, alphabets: [2, 1, 1], charactersPerAlphabet: 9, examples: [14, 16] } as const;
const usualOf = (ways: number) => collectionDataSet(glyphs(SIZES), ways);

/** Per class of an episode alone in its batch, the support examples that there are of it. */
function countsOf(data: ReturnType<typeof anyWayDataSet>, episode: number, shots: number): number[] {
  const { supportY, nSupport } = data.episodes("test", episode, 1, shots, 2);
  const ways = supportY.length / nSupport;
  const counts = new Array<number>(ways).fill(0);
  for (let i = 0; i < supportY.length; i++) counts[i % ways] += supportY[i];
  return counts;
}

Deno.test("an any-way any-shot episode is the first classes and support examples of the usual one, with all their queries", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), fc.nat(500), fc.integer({ min: 1, max: 6 }), (ways, number, shots) => {
      const usual = usualOf(ways);
      const data = anyWayDataSet("any", usual);
      const whole = usual.episodes("test", number, 1, shots, 3);
      const part = data.episodes("test", number, 1, shots, 3);
      const counts = countsOf(data, number, shots);
      ok(counts.length >= 2 && counts.length <= ways && counts.every((count) => count >= 1 && count <= shots));
      equal(part.classes, whole.classes!.subarray(0, counts.length));
      const at = (row: number) => whole.supportX.subarray(row * 16, (row + 1) * 16);
      const support = counts.flatMap((count, label) =>
        Array.from({ length: count }, (_, i) => [...at(label * shots + i)])
      );
      equal([...part.supportX], support.flat());
      equal(part.queryX, whole.queryX.subarray(0, part.queryX.length));
      equal(part.nQuery, 3 * counts.length);
      for (let row = 0; row < part.nQuery; row++) {
        equal(part.queryY[row * counts.length + Math.floor(row / 3)], 1);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("no class loses support examples as shots grow, and queries stay the same", () => {
  const data = anyWayDataSet("any", usualOf(7));
  for (let episode = 0; episode < 60; episode++) {
    let before = countsOf(data, episode, 1);
    for (let shots = 2; shots <= 9; shots++) {
      const counts = countsOf(data, episode, shots);
      ok(counts.every((count, label) => count >= before[label]), `${episode} ${shots}`);
      before = counts;
    }
    equal(data.episodes("test", episode, 1, 1, 2).queryX, data.episodes("test", episode, 1, 9, 2).queryX);
  }
});

Deno.test("every number of ways and every number of support examples has its turn, in at most 18 shapes", () => {
  const data = anyWayDataSet("any", usualOf(9));
  const episodes = Array.from({ length: 400 }, (_, episode) => countsOf(data, episode, 5));
  equal(waysUpTo(9), [2, 3, 4, 5, 7, 9]);
  equal([waysUpTo(2), waysUpTo(5), waysUpTo(20)], [[2], [2, 3, 4, 5], [2, 3, 5, 8, 13, 20]]);
  equal([...new Set(episodes.map(({ length }) => length))].sort(), waysUpTo(9));
  equal([...new Set(episodes.flat())].sort(), [1, 2, 3, 4, 5]);
  ok(episodes.some((counts) => new Set(counts).size > 2), "classes of an episode differ");
  // Classes are dealt their numbers at random: the first ones have no more than the last ones.
  const mean = (label: number) => episodes.reduce((sum, counts) => sum + counts[label], 0) / episodes.length;
  ok(Math.abs(mean(0) - mean(1)) < 0.3, `${mean(0)} ${mean(1)}`);
  const shapes = data.shapes(400);
  ok(shapes.length <= 18);
  equal(inEpisodeOrder(shapes, (shape) => shapes[shape].numbers), Array.from({ length: 400 }, (_, episode) => episode));
  for (const { numbers, dataSet } of shapes) {
    const { nSupport, tasks, supportX, classes } = dataSet.episodes("test", 0, Math.min(3, numbers.length), 5, 2);
    const alone = numbers.slice(0, 3).map((number) => data.episodes("test", number, 1, 5, 2));
    equal([...supportX], alone.flatMap((episode) => [...episode.supportX]));
    equal([...classes!], alone.flatMap((episode) => [...episode.classes!]));
    ok(alone.every((episode) => episode.nSupport === nSupport) && alone.length === tasks);
    equal(dataSet.outputs, classes!.length / tasks);
  }
});

Deno.test("training and validation are those of the usual data set, and groups say the ways and the support of an episode", () => {
  const [usual, data] = [usualOf(5), anyWayDataSet("any", usualOf(5))];
  equal(data.trainBatch(2, 3, 4, ["a"]), usual.trainBatch(2, 3, 4, ["a"]));
  equal(data.episodes("validation", 4, 3, 2, 2), usual.episodes("validation", 4, 3, 2, 2));
  ok(data.digest !== usual.digest);
  const [ways, support] = data.shapeGroups;
  for (let episode = 0; episode < 40; episode++) {
    const counts = countsOf(data, episode, 8);
    equal(ways.groupOf(episode), `${counts.length}`);
    const [least, most] = { "1 to K": [1, 8], "1 to K/2": [1, 4], "K/2 to K": [5, 8] }[support.groupOf(episode)] ?? [];
    ok(counts.every((count) => count >= least && count <= most), `${counts} ${support.groupOf(episode)}`);
  }
});

Deno.test("regression has no such episodes, which one line says", () => {
  const derive = (from: string) =>
    derivedEntries([{ from, testedOn: ANY_WAY }], {
      entries: { ...dataSets },
      sources: new Map(),
      own: () => dataSets.tides,
    });
  throws(() => derive("tides"), {
    name: "DataError",
    message:
      'testOn: "tides" has no any-way-any-shot episodes: it is regression, so its tasks have no classes; leave them out',
  });
  equal(derive("omniglot")["omniglot-to-any-way-any-shot"].title, "Omniglot, any-way any-shot");
});
