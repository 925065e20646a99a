import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { escape, html } from "./view/html.ts";
import type { ReportInput } from "./view/input.ts";
import { writeReport } from "./mod.ts";
import { inlineSvg, page } from "./page/page.ts";
import { figureCount, synthetic } from "./testing/synthetic.ts";

const ATTACK = `<script>alert("x")</script>'&`;

Deno.test("values in a page are escaped, ready HTML is not", () => {
  strictEqual(escape(`<a b="c">'&`), "&lt;a b=&quot;c&quot;&gt;&#39;&amp;");
  strictEqual(
    html`<p>${"<b>"}${html`<i>${1}</i>`}${["<", html`<br>`]}${undefined}</p>`.text,
    "<p>&lt;b&gt;<i>1</i>&lt;<br></p>",
  );
});

Deno.test("names, reasons and manifest entries cannot inject markup into the page", async () => {
  const input = synthetic({ seeds: 1, algorithms: ["mtl", "maml"], shots: [5], steps: [1] });
  const hostile: ReportInput = {
    ...input,
    title: ATTACK,
    datasets: input.datasets.map((dataset) => ({ ...dataset, title: ATTACK, source: ATTACK })),
    algorithms: input.algorithms.map((algorithm) => ({ ...algorithm, title: ATTACK, summary: ATTACK, source: ATTACK })),
    cells: input.cells.map((row, i) =>
      i % 3 === 0 ? { ...row, status: "failed", mean: null, meanLog: null, reason: ATTACK } : row
    ),
    manifest: { [ATTACK]: ATTACK, deep: { [ATTACK]: [ATTACK] } },
  };
  const dir = await Deno.makeTempDir();
  try {
    await writeReport(hostile, dir);
    const text = await readFile(join(dir, "index.html"), "utf8");
    ok(!text.includes(ATTACK.slice(0, 16)));
    strictEqual(text.match(/<script/g)?.length, text.match(/<\/script>/g)?.length);
    // Scripts of the page, the data of its cells and one block of data per figure, and nothing else.
    strictEqual(text.match(/<script/g)?.length, 8 + (text.match(/<figure/g)?.length ?? 0));
    ok(text.includes("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;"));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a report is one page that requests nothing, plus three files per figure and the answer in two themes; a second time gives the same bytes", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const drawn = figureCount(synthetic());
    ok(drawn > 10);
    const paths = await writeReport(synthetic(), dir);
    strictEqual(paths[0], join(dir, "index.html"));
    const names = await readdir(dir);
    deepStrictEqual(names.toSorted(), paths.map((path) => path.slice(dir.length + 1)).toSorted());
    strictEqual(names.length, 1 + 4 + 3 * drawn);
    const files = () => Promise.all(paths.map((path) => readFile(path)));
    const first = await files();
    const text = first[0].toString().replace(/<script[^]*?<\/script>/g, "");
    deepStrictEqual(
      text.match(/\b(src|href)="(?!#|data:|[\w-]+\.(svg|png|vl\.json)")[^"]*"|@import|url\((?!#)/g),
      null,
    );
    for (const [, id] of text.matchAll(/url\(#([^)]*)\)/g)) ok(text.includes(`id="${id}"`), `${id} is defined`);
    const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    strictEqual(new Set(ids).size, ids.length);
    strictEqual(text.match(/<figure/g)?.length, drawn);
    strictEqual(text.match(/role="img" tabindex="0" aria-label="[^"]{40,}"/g)?.length, drawn);
    await writeReport(synthetic(), dir);
    ok((await files()).every((bytes, i) => bytes.equals(first[i])));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a page counts cells by how they ended and trainings that really trained", () => {
  const input = synthetic();
  const text = page(input, []);
  match(text, /660\s+cells \(640 ok, 10 failed and 10 diverged\)/);
  match(
    text,
    new RegExp(`from\\s+${input.timings.filter(({ algorithm }) => algorithm !== "scratch").length} trainings`),
  );
});

Deno.test("a page of no results says so", () => {
  const text = page({ ...synthetic(), cells: [], timings: [], verdicts: [], pictures: [] }, []);
  match(text, /No algorithm on no data set/);
  match(text, /Nothing was timed/);
  match(text, /No answer\.<\/strong> None of this run&#39;s cells are compared/);
});

Deno.test("a skipped data set is shown with its reason and no number", () => {
  const input = synthetic({ algorithms: ["mtl", "maml"], seeds: 1 });
  const skipped = {
    status: "skipped",
    reason: "its files are absent",
    mean: null,
    meanLog: null,
    trainingUnit: "",
  } as const;
  const cells = input.cells.map((row) => row.dataset === "omniglot" ? { ...row, ...skipped } : row);
  const text = page({ ...input, cells }, []);
  match(text, /Skipped: its files are absent/);
  ok(!text.includes("No cell of Omniglot, 5-way has a score"));
  match(text, /scored on the same test episodes\. Left out: Omniglot, 5-way\./);
  // The reason stands with the data set, and once with all that was left out.
  strictEqual(text.replace(/<script[^]*?<\/script>/g, "").match(/its files are absent/g)?.length, 2);
  ok(!/NaN|Infinity|undefined/.test(text.replace(/<script[^]*?<\/script>/g, "")));
});

Deno.test("the averages state n and claims no equivalence", () => {
  const text = page(synthetic({ seeds: 3 }), []);
  match(text, /n = 3 seeds, 12 cells\s+each/);
  match(text, /not evidence that the two are\s+equivalent/);
  match(page(synthetic({ seeds: 1 }), []), /one seed: no interval/);
});

Deno.test("names inside inlined pictures are made unique in attributes and left alone in text", () => {
  const svg = '<svg><clipPath id="clip0"/><g clip-path="url(#clip0)"><text>url(#clip0)</text></g></svg>';
  strictEqual(
    inlineSvg(svg, "a.b"),
    '<svg><clipPath id="a_b-clip0"/><g clip-path="url(#a_b-clip0)"><text>url(#clip0)</text></g></svg>',
  );
});
