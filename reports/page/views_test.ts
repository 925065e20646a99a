import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { writeReport } from "../mod.ts";
import { browser, inspect } from "../testing/browser.ts";
import { synthetic } from "../testing/synthetic.ts";
import type { ReportInput } from "../view/input.ts";

const made = synthetic({ algorithms: ["mtl", "maml", "fomaml", "anil"] });
/** Some of what the answer rests on is open, so that every part of the page is there. */
const input: ReportInput = {
  ...made,
  verdicts: made.verdicts.map(({ key, verdict }, i) =>
    i % 3 === 0
      ? {
        key,
        verdict: {
          ...verdict,
          ...{
            verdict: "undecided" as const,
            typical: "undecided" as const,
            flags: ["undertrained: mtl 2 of 3 seeds"],
          },
          needs: { margin: 1, seeds: 38, words: "38 seeds instead of 3 would show it" },
        },
      }
      : { key, verdict }
  ),
};

Deno.test({
  name:
    `at the widths of a phone, a tablet and a laptop, light, dark and printed, nothing is cut or scrolls sideways and axe-core finds nothing; touch, links, legends and copying work${
      browser === undefined ? " (no Chromium here)" : ""
    }`,
  ignore: browser === undefined,
  fn: async () => {
    const dir = await Deno.makeTempDir();
    try {
      await writeReport(input, dir);
      const seen = await inspect(join(dir, "index.html"));
      strictEqual(seen.views.length, 7);
      for (const { name, width, scrollWidth, outside, violations } of seen.views) {
        strictEqual(scrollWidth, width, `${name} scrolls sideways`);
        deepStrictEqual(outside, [], name);
        deepStrictEqual(violations, [], name);
      }
      match(seen.touched, /MTL vs MAML/);
      const kept = input.cells.filter(({ shots, algorithm }) => shots === 5 && algorithm === "maml").length;
      strictEqual(seen.linked, `1 to ${Math.min(kept, 100)} of ${kept} cells (${input.cells.length} in all)`);
      strictEqual(seen.address, "#cells?shots%3D10");
      const [all, hidden, again] = seen.marks;
      ok(hidden < all && again === all, `${seen.marks}`);
      match(seen.copied[0], /^deno task bench --sweep /);
      match(seen.copied[1], /^"data, labelled examples \(shots\)",verdict,/);
      match(seen.copied[2], /^\\begin\{tabular\}\{l+\}\n {2}\\toprule\n/);

      // A dark page's figure is copied as it is drawn on paper, at twice its size, with its marks.
      const { types, copied, shown, ink, opacity, refused } = seen.picture;
      deepStrictEqual([...types], ["image/png"]);
      ok(shown[0] > 300 && shown[1] > 150, `${shown}`);
      for (const [i, length] of copied.entries()) ok(Math.abs(length - 2 * shown[i]) <= 2, `${copied} of ${shown}`);
      ok(ink > 0.005 && ink < 0.5 && opacity === 1, `${ink}, ${opacity}`);
      match(refused, /use the PNG below/);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
});
