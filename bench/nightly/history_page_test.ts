import { deepStrictEqual as equal, doesNotMatch, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { MACHINE, verdictsCsv, withFolder } from "../testing/nightly.ts";
import { Nights, SCORE } from "../testing/nights.ts";

const pageOf = (nights: Nights) => Deno.readTextFileSync(join(nights.folder, "index.html"));

Deno.test("the page of the history has every night, marks the baseline, and dates what got worse with its commit", () =>
  withFolder(async (folder) => {
    const nights = new Nights(folder);
    const verdicts = verdictsCsv([5, "a-better"], [10, "undecided"]);
    await nights.run({ verdicts });
    match(pageOf(nights), /Nothing, in any night shown that could be compared/);
    await nights.accept();
    equal(await nights.run({ ...SCORE, verdicts }), 1);
    equal(await nights.run({ verdicts: verdictsCsv([5, "a-better"], [10, "equivalent"]) }), 0);
    const page = pageOf(nights);
    const rows = page.match(/<tr>\s*<td>2026-01-0\d<\/td>[^]*?<\/tr>/g) ?? [];
    equal(rows.map((row) => /2026-01-0\d/.exec(row)?.[0]), ["2026-01-03", "2026-01-02", "2026-01-01"]);
    equal(rows.map((row) => row.includes("accepted 2026-01-01")), [false, false, true]);
    match(rows[1] ?? "", /6 regressions/);
    match(rows[0] ?? "", /no regression/);
    // What a night was compared with then, it is compared with on the page later on.
    match(page, /<h3>2026-01-02, commit <code>[0-9a-f]{12}<\/code><\/h3>\s*<p>Against 2026-01-01/);
    equal((page.match(/<li>score: /g) ?? []).length, 6);
    match(page, /<h2>The answer, night by night<\/h2>/);
    const badges = (page.match(/<span class="badge v-[^"]+"/g) ?? []).map((tag) => tag.slice(21, -1));
    equal(badges, ["a-better", "a-better", "a-better", "equivalent", "undecided", "undecided"]);
    ok(page.includes("<svg"));
    doesNotMatch(page, /<script|https?:\/\/(?!www\.w3\.org)/);
  }));

Deno.test("nothing from a history is taken for HTML", () =>
  withFolder(async (folder) => {
    const nights = new Nights(folder);
    const cpu = "<img src=x onerror=alert(1)>";
    await nights.run({ manifest: { machine: { ...MACHINE, cpu } } });
    const page = pageOf(nights);
    ok(!page.includes(cpu) && page.includes("&lt;img src=x"));
  }));
