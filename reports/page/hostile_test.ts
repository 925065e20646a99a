import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { escape } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { writeReport } from "../mod.ts";
import { page } from "./page.ts";
import { latexText } from "../paper/latex.ts";
import { markdownText } from "../paper/markdown.ts";
import { resultTable } from "../paper/tables.ts";
import { renderSvg } from "../figures/render.ts";
import { browser, see } from "../testing/browser.ts";
import { synthetic } from "../testing/synthetic.ts";

/** Text that breaks out of wherever text is not escaped; sets `window.hacked` where it runs. */
const PAYLOADS = [
  "</title></script></style></svg></pre><script>window.hacked=1</script>",
  '"><img src=x onerror=window.hacked=1>',
  "' onmouseover='window.hacked=1' x='",
  '<a href="javascript:window.hacked=1">x</a>',
  "]]><svg onload=window.hacked=1>",
  "<!--<script>--><base href=//evil.example>",
  "${window.hacked=1}{{constructor.constructor('window.hacked=1')()}}",
  "\u202egnp.exe\u2066 a\u2028b\u0000c\u001b[2Jd\ud800e",
  "&lt;script&gt; =cmd|'/c calc'!A1 \\input{/etc/passwd} $x$ ^^41 `rm` [a](javascript:1) ![b](http://evil.example)",
];

/** A made-up run in which every text that a run's files can hold is hostile; names of algorithms and data sets are known ones, which reading them checks. */
function hostile(): ReportInput {
  const input = synthetic({ algorithms: ["mtl", "maml", "anil"] });
  let count = 0;
  const evil = () => `${PAYLOADS[count++ % PAYLOADS.length]} ${count}`;
  const all = PAYLOADS.join(" ");
  return {
    ...input,
    title: all,
    datasets: input.datasets.map((dataset) => ({ ...dataset, title: evil(), source: all })),
    algorithms: input.algorithms.map((algorithm) => ({ ...algorithm, title: evil(), summary: all, source: all })),
    cells: input.cells.map((cell, i) =>
      i % 7 === 0
        ? { ...cell, status: "failed", reason: all, mean: null, meanLog: null, flags: evil() }
        : { ...cell, flags: evil() }
    ),
    families: input.families.map((family) => ({ ...family, words: evil() })),
    comparisons: input.comparisons.map((comparison) => ({ ...comparison, question: evil() })),
    timings: input.timings.map((timing) => ({ ...timing, backend: evil() })),
    verdicts: input.verdicts.map((pair) => ({
      ...pair,
      verdict: { ...pair.verdict, reason: evil(), flags: [evil()] },
    })),
    predictions: input.predictions.map((row) => ({
      ...row,
      statement: evil(),
      source: evil(),
      reason: evil(),
      found: evil(),
    })),
    manifest: { [all]: all, nested: { [all]: { deep: all } }, list: PAYLOADS },
  };
}

/** Elements that no part of the page makes, or that only the page itself makes. */
function assertHarmless(html: string): void {
  doesNotMatch(html, /<(?:img|base|a href="javascript|svg onload)/i);
  doesNotMatch(html, /<script>window/);
  // deno-lint-ignore no-control-regex -- exactly those must not be there
  doesNotMatch(html, /[\u0000-\u0008\u000b-\u001f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Cs}/u);
  ok(html.isWellFormed());
}

Deno.test("a page says hostile texts and does nothing that they ask for", () => {
  const html = page(hostile(), [], []);
  assertHarmless(html);
  for (const payload of PAYLOADS) ok(html.includes(escape(payload)), payload);
});

Deno.test("hostile texts are drawn as text: pictures are well-formed, hold no script and refer to nothing", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await writeReport(hostile(), dir);
    assertHarmless(Deno.readTextFileSync(join(dir, "index.html")).replaceAll(/<script>[^]*?<\/script>/g, ""));
    const svgs = [...Deno.readDirSync(dir)].filter(({ name }) => name.endsWith(".svg"));
    ok(svgs.length > 5);
    for (const { name } of svgs) {
      const svg = Deno.readTextFileSync(join(dir, name));
      assertHarmless(svg);
      doesNotMatch(svg, /<(?:script|foreignObject|use|a)\b/i);
      const tags = svg.match(/<[^<>]*>/g) ?? [];
      for (const tag of tags) {
        const address = /href="([^"]*)"/.exec(tag)?.[1];
        if (address !== undefined) match(address, /^data:image\/png;base64,/);
        doesNotMatch(tag.replaceAll(/"[^"]*"/g, '""'), /\son\w+=/);
      }
      // PNGs are drawn from the same text by a strict XML parser.
      ok(existsSync(join(dir, name.replace(/svg$/, "png"))));
    }
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("titles in specs are text, never expressions or addresses", async () => {
  for (const text of PAYLOADS) {
    const { svg } = await renderSvg({
      title: text,
      data: { values: [{ a: text, b: 1 }] },
      mark: { type: "bar", tooltip: true },
      encoding: {
        x: { field: "a", type: "nominal" },
        y: { field: "b", type: "quantitative" },
        color: { field: "a", type: "nominal" },
      },
    });
    assertHarmless(svg);
  }
});

Deno.test("LaTeX and Markdown print hostile texts as they are", () => {
  for (const text of PAYLOADS) {
    const latex = latexText(text);
    const bare = latex.replaceAll(
      /\\(?:textbackslash|textasciicircum|textasciitilde|textless|textgreater|textbar|textquotedblleft|textquotedblright|textquoteleft)\{\}|\\[{}$&#%_,]|\{[[*]?\}|\$\\\w+\$/g,
      "",
    );
    doesNotMatch(bare, /[\\{}$&#%_^~<>|"]/, latex);
    const markdown = markdownText(text);
    doesNotMatch(markdown.replaceAll(/\\[\\`*_[\]<>|#~&]/g, ""), /[\\`*_[\]<>|#~&]/, markdown);
    for (const printed of [latex, markdown]) {
      ok(!/\n|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/u.test(printed));
    }
  }
  const input = hostile();
  const table = resultTable(input, input.datasets[0]);
  match(table?.caption ?? "", /\S/);
});

Deno.test({
  name: `in a browser a hostile run runs no script, asks for nothing and leaves the console quiet${
    browser === undefined ? " (no Chromium here)" : ""
  }`,
  ignore: browser === undefined,
  fn: async () => {
    const dir = await Deno.makeTempDir();
    try {
      await writeReport(hostile(), dir);
      const seen = await see(join(dir, "index.html"));
      deepStrictEqual(seen.messages, []);
      deepStrictEqual(seen.requests, []);
      strictEqual(seen.interactive, seen.figures);
      strictEqual(seen.hacked, false);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
});
