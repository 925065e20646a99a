/** Prints what `languages.py` computes from: the texts of some test episodes. */
import { KNOWN, languagesOf } from "../../languages/collection.ts";
import { readDeclarations } from "../../languages/declarations.ts";
import { episodeTexts } from "../../languages/texts.ts";

const languages = languagesOf(await readDeclarations(new Set(KNOWN.keys())), 20);
console.log(JSON.stringify([1, 5].map((shots) => ({
  shots,
  episodes: Array.from(
    { length: 100 },
    (_, episode) => episodeTexts("languages", languages, { split: "test", episode, ways: 5, shots, queries: 15 }),
  ),
}))));
