import { Subprocess } from "../../common/subprocess.ts";
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { synthetic } from "../testing/synthetic.ts";
import { latexFigure, latexTable, latexText } from "./latex.ts";
import { resultTable } from "./tables.ts";

async function works(program: string, flag: string): Promise<boolean> {
  try {
    return (await new Subprocess(program, { args: [flag], stdout: "null", stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

const TEX = await works("pdflatex", "--version");
const READER = await works("pdftotext", "-v");

/** Compiles a document of `article` and these packages alone. @returns its text, or undefined where nothing reads PDFs here */
async function compile(body: string, packages: readonly string[] = ["booktabs"]): Promise<string | undefined> {
  const folder = await Deno.makeTempDir();
  try {
    const lines = [
      "\\documentclass{article}",
      ...packages.map((name) => `\\usepackage{${name}}`),
      "\\begin{document}",
      body,
      "\\end{document}",
    ];
    Deno.writeTextFileSync(join(folder, "paper.tex"), lines.join("\n"));
    const { success, stdout } = await new Subprocess("pdflatex", {
      args: ["-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
      cwd: folder,
    }).output();
    const log = new TextDecoder().decode(stdout);
    ok(success, log.slice(-2000));
    ok(!log.includes("Missing character"), log);
    if (!READER) return undefined;
    const read = await new Subprocess("pdftotext", { args: ["-layout", join(folder, "paper.pdf"), "-"] }).output();
    return new TextDecoder().decode(read.stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("quotation marks, Greek, accents and what runs together need no package and no encoding", () => {
  for (
    const [text, latex] of [
      [
        'the "best" of "two"',
        "the \\textquotedblleft{}best\\textquotedblright{} of \\textquotedblleft{}two\\textquotedblright{}",
      ],
      ["α ≤ Ω", "$\\alpha$ $\\leq$ $\\Omega$"],
      ["Omniglot, naïve Čech œuvre", 'Omniglot, na\\"{\\i{}}ve \\v{C}ech \\oe{}uvre'],
      ["--depth 2, ''", "-{}-depth 2, '{}'"],
      ["[a] * b", "{[}a] {*} b"],
      ["中文", "U+4E2DU+6587"],
      ["ﬁ Ａ ②", "fi A 2"],
      ["a\u200bb", "ab"],
      ["🙂", "U+1F642"],
    ] as const
  ) equal(latexText(text), latex, text);
});

const HARD = [
  ..."[*\"'`^~\\{}$&#%_<>|-",
  ...["“Multi-task” – «Čech», naïve œuvre, straße, Ærøskøbing, Ångström, Łódź, Việt Nam, İstanbul"],
  ...[
    "αβγδεζηθικλμνξοπρςστυφχψω ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ άέ",
    "中文 日本語 한국어 العربية עברית ไทย 🙂",
    "± × ≤ ≥ → ∞ ∇ ½ ² €",
  ],
  ...["[1] first", "* second", "(3) third", "\\input{x}", "a & b \\\\ c", "% comment", "?` !` ,, -- --- ``''"],
];

Deno.test({
  name: "a real LaTeX prints tables and captions of any text, with article and booktabs alone",
  ignore: !TEX,
  fn: async () => {
    const columns = [{ heading: "[name]", numeric: false }, { heading: "*", numeric: true }];
    const rows = HARD.flatMap((text) => [[text, "1"], ["1", text]]);
    const hard = latexTable({ id: "hard", columns, rows, caption: HARD.slice(-20).join(" ") });
    const text = await compile(hard.replace(/\[t\]/, "[p]"));
    if (text !== undefined) {
      match(text, /\[1\] first/);
      match(text, /\* second/);
      match(text, /U\+4E2DU\+6587/);
      match(text, /\\input\{x\}/);
      match(text, /α/);
    }

    const input = synthetic({ seeds: 2 });
    const odd = {
      ...input,
      title: HARD.join(""),
      algorithms: input.algorithms.map((algorithm, i) => ({ ...algorithm, title: HARD[HARD.length - 1 - i] })),
    };
    const table = resultTable(odd, odd.datasets[0]);
    ok(table !== undefined);
    await compile(latexTable(table));
  },
});

Deno.test({
  name: "a real LaTeX takes whatever letters there are",
  ignore: !TEX,
  fn: async () => {
    const texts = fc.sample(fc.string({ unit: "binary", maxLength: 12 }), { numRuns: 1500, seed: 5 });
    const blocks = Array.from({ length: 0x3000 - 0xa0 }, (_, i) => String.fromCodePoint(0xa0 + i));
    await compile([...texts, ...blocks.map((letter) => `a${letter}b`)].map(latexText).join(" x\n\n"));
  },
});

Deno.test({
  name: "a figure needs graphicx and says so",
  ignore: !TEX,
  fn: async () => {
    const figure = latexFigure("a_b", 'The "[caption]"');
    match(figure, /^% Needs \\usepackage\{graphicx\}\./);
    await compile(figure.replace(/\\includegraphics\{.*?\}/, "\\rule{1cm}{1cm}"), ["graphicx"]);
  },
});
