import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { comparable, shown } from "../view/select.ts";
import { writeReport } from "../mod.ts";
import { browser, see } from "../testing/browser.ts";
import { figureCount, synthetic } from "../testing/synthetic.ts";

Deno.test({
  name: `in a browser the page is quiet, asks for nothing, sorts, and shows numbers on hover${
    browser === undefined ? " (no Chromium here)" : ""
  }`,
  ignore: browser === undefined,
  fn: async () => {
    const dir = await Deno.makeTempDir();
    try {
      const made = synthetic({ algorithms: ["mtl", "maml", "anil"] });
      const attack = "<img src=x onerror=alert(1)><b>bold</b>";
      const input = { ...made, cells: made.cells.map((row) => ({ ...row, reason: attack })) };
      await writeReport(input, dir);
      const seen = await see(join(dir, "index.html"));
      deepStrictEqual(seen.messages, []);
      deepStrictEqual(seen.requests, []);
      strictEqual(seen.figures, figureCount(input));
      strictEqual(seen.interactive, seen.figures);
      match(seen.tooltip, /MTL vs MAML, matched: 5 shots, 1 step/);
      match(seen.tooltip, /interval\s+×\d.*to ×\d.* %\)/);
      ok(seen.backgrounds.every((colour) => colour === "rgba(0, 0, 0, 0)"), seen.backgrounds.join());

      strictEqual(seen.ascending.length, input.verdicts.length);
      strictEqual(seen.sorted, "descending");
      const known = (keys: readonly string[]) => keys.filter((key) => key !== "").map(Number);
      const differences = input.verdicts.flatMap(({ verdict: { diff } }) => diff === null ? [] : [diff]);
      deepStrictEqual(known(seen.ascending), differences.toSorted((a, b) => a - b));
      deepStrictEqual(known(seen.descending), differences.toSorted((a, b) => b - a));
      for (const keys of [seen.ascending, seen.descending]) {
        ok(keys.slice(0, differences.length).every((key) => key !== ""), "unknown ones come last");
      }
      const total = input.cells.length;
      strictEqual(seen.cells.all, `1 to 100 of ${total} cells`);
      strictEqual(seen.cells.paged, `101 to 200 of ${total} cells`);
      const kept = input.cells.filter(({ shots, algorithm }) => shots === 5 && algorithm === "maml");
      strictEqual(seen.cells.filtered, `1 to ${kept.length} of ${kept.length} cells (${total} in all)`);
      deepStrictEqual(
        seen.cells.scores.map(Number),
        kept.map((row) => Number(shown(row.metric, comparable(row) ?? 0).toPrecision(4))).toSorted((a, b) => b - a),
      );
      strictEqual(seen.cells.markup, 0);
      deepStrictEqual(seen.plain, { pictures: figureCount(input), rows: input.verdicts.length, buttons: 0 });
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
});
