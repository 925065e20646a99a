import { deepStrictEqual, match, notDeepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { algorithms } from "../../algorithms/registry.ts";
import { dataSets } from "../../data/registry.ts";
import { FIGURES } from "../figures/registry.ts";
import { renderSvg } from "../figures/render.ts";
import { drawings, figures } from "../testing/figures.ts";
import { figureCount, synthetic } from "../testing/synthetic.ts";
import { acrossDomains } from "../testing/domains.ts";
import { withDistances } from "../testing/distances.ts";
import { overSizes } from "../testing/sizes.ts";
import { inWords } from "../testing/words.ts";
import { fit } from "./fit.ts";
import { writePaper } from "./mod.ts";
import { renderPdf } from "./pdf.ts";
import { MIN_TEXT, WIDTHS } from "./theme.ts";
import { Subprocess } from "../../common/subprocess.ts";

const textOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

Deno.test("every figure is exactly as wide as one column and as two, has no title, and no text below six points", async () => {
  const names = new Set<string>();
  const full = synthetic();
  const crossed = drawings(acrossDomains(full)).filter(([name]) => name.startsWith("train_by_test"));
  const apart = drawings(withDistances(full)).filter(([name]) => name.startsWith("prediction_distance"));
  const sized = drawings(overSizes(full)).filter(([name]) => name.startsWith("scaling"));
  for (
    const [name, { spec, title }] of [...drawings(full), ...drawings(inWords(full)), ...crossed, ...sized, ...apart]
  ) {
    names.add(name.split(" ")[0]);
    for (const [column, inches] of [["single", 3.25], ["double", 6.75]] as const) {
      const { svg, width, height } = await fit(spec, WIDTHS[column], name);
      match(svg, new RegExp(`^<svg[^>]* width="${72 * inches}pt" height="${height}pt" viewBox="-?[\\d.]+ 0 ${width} `));
      ok(height <= 640, `${name}, ${column}: ${height} points high`);
      ok(textOf(svg).length > 5 && !textOf(svg).some((text) => text.includes(title)), `${name}, ${column}`);
      for (const [, size] of svg.matchAll(/font-size="([\d.]+)px"/g)) {
        ok(Number(size) >= MIN_TEXT, `${name}, ${column}: text of ${size} points`);
      }
      const pdf = new TextDecoder("latin1").decode(await renderPdf({ svg, width, height }, title));
      match(pdf, new RegExp(`/MediaBox \\[0 0 ${72 * inches} ${Number(height.toFixed(6))}\\]`));
      strictEqual(pdf.match(/\/Type \/Page\b(?!s)/g)?.length, 1);
      // Each font is embedded and says which letters its glyphs are; none is one of those that readers substitute.
      const fonts = pdf.match(/\/Subtype \/Type0/g)?.length ?? 0;
      ok(fonts > 0 && fonts === pdf.match(/\/FontFile2/g)?.length && fonts === pdf.match(/\/ToUnicode/g)?.length, name);
      match(pdf, /\(D:20000101000000Z\)/);
      ok(!/Helvetica|\/Type1/.test(pdf), name);
    }
  }
  deepStrictEqual([...names].toSorted(), figures.map(({ name }) => name).toSorted());
});

Deno.test("the page's own spec has the title that print leaves out", async () => {
  for (const [name, { spec, title }] of drawings(synthetic({ seeds: 1 }))) {
    ok(textOf((await renderSvg(spec)).svg).some((text) => title.startsWith(text.slice(0, 20))), name);
  }
});

Deno.test("sweeps of any size fit", async () => {
  const inputs = {
    "one cell": synthetic({ algorithms: ["mtl"], depths: [1], seeds: 1, shots: [5], steps: [] }),
    "one panel": synthetic({ algorithms: ["mtl", "maml"], depths: [1], seeds: 2, shots: [5] }),
    "every depth, many shots": synthetic({
      depths: [0, 1, 2, 3],
      shots: [1, 2, 5, 10],
      algorithms: ["mtl", "maml", "anil"],
      seeds: 2,
    }),
    "long names": synthetic({
      algorithms: ["an algorithm with a very long name", "maml", "another one of the same length"],
      seeds: 2,
    }),
  };
  const full = synthetic();
  const titles: Readonly<Record<string, { readonly title: string }>> = { ...algorithms, ...dataSets };
  const titled = <T extends { readonly name: string; readonly title: string }>(entries: readonly T[]) =>
    entries.map((entry) => ({ ...entry, title: titles[entry.name].title }));
  const variants = full.verdicts.map((pair, i) =>
    i % 3 === 0
      ? { ...pair, key: { ...pair.key, a: { ...pair.key.a, adaptDepth: 0, taskStart: "common" as const } } }
      : pair
  );
  const real = {
    ...inputs,
    "titles of the tables": { ...full, algorithms: titled(full.algorithms), datasets: titled(full.datasets) },
    variants: { ...full, algorithms: titled(full.algorithms), verdicts: variants },
  };
  for (const [label, input] of Object.entries(real)) {
    for (const [name, { spec }] of drawings(input)) {
      for (const width of Object.values(WIDTHS)) {
        const { height } = await fit(spec, width, `${name}, ${label}`);
        ok(height < 700, `${name}, ${label}: ${height} points high at ${width}`);
      }
    }
  }
});

Deno.test("lines of different colours have different dashes", async () => {
  const input = synthetic({ seeds: 2, depths: [1] });
  for (const figure of [FIGURES.score_by_steps, FIGURES.validation_curves, FIGURES.layer_similarity]) {
    const { spec } = figure.draw(input, input.datasets[1]) ?? {};
    if (spec === undefined) throw new Error("nothing drawn");
    const { svg } = await fit(spec, WIDTHS.double, figure.name);
    const looks = new Map<string, Set<string>>();
    for (const [line] of svg.matchAll(/<path aria-hidden[^>]*stroke-opacity[^>]*>|<path [^>]*stroke="#[^>]*>/g)) {
      const colour = line.match(/ stroke="(#[0-9a-f]{6})"/)?.[1];
      if (colour === undefined || / fill="#/.test(line) || !/ stroke-width="(0\.[789]|1\.6)/.test(line)) continue;
      const dash = line.match(/stroke-dasharray="([^"]*)"/)?.[1] ?? "solid";
      looks.set(colour, (looks.get(colour) ?? new Set()).add(dash));
    }
    const [mtl, maml] = ["#0072b2", "#cc79a7"].map((colour) => [...looks.get(colour) ?? []]);
    ok(mtl.includes("solid"), `${figure.name}: ${JSON.stringify([...looks].map(([c, d]) => [c, [...d]]))}`);
    notDeepStrictEqual(mtl, maml);
    ok(maml.some((dash) => dash !== "solid"));
  }
});

async function withFolders(use: (a: string, b: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(join(folder, "a"), join(folder, "b"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a second time gives the same bytes in every file", () =>
  withFolders(async (a, b) => {
    const options = { algorithms: ["mtl", "maml"], seeds: 2 };
    const paths = await writePaper(synthetic(options), a);
    // Whatever a clock enters, it enters in seconds.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await writePaper(synthetic(options), b);
    const names = await readdir(a);
    deepStrictEqual(names.toSorted(), paths.map((path) => path.slice(a.length + 1)).toSorted());
    deepStrictEqual((await readdir(b)).toSorted(), names.toSorted());
    strictEqual(names.length, 4 * figureCount(synthetic(options)) + 3 * 2 + 2);
    for (const name of names) {
      ok((await readFile(join(a, name))).equals(await readFile(join(b, name))), `${name} differs`);
    }
  }));

function has(command: string): boolean {
  try {
    return new Subprocess(command, { args: ["-v"], stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

const poppler = has("pdftotext") && has("pdffonts");

Deno.test({
  name:
    "poppler finds the text and embedded fonts only (ignored without pdftotext and pdffonts, or without leave to run them)",
  ignore: !poppler,
  fn: () =>
    withFolders(async (dir) => {
      await Deno.mkdir(dir);
      const input = synthetic({ seeds: 2 });
      for (const [name, { spec, title }] of drawings(input)) {
        const file = join(dir, "figure.pdf");
        const fitted = await fit(spec, WIDTHS.single, name);
        await Deno.writeFile(file, await renderPdf(fitted, title));
        const run = (command: string, ...args: string[]) =>
          new TextDecoder().decode(new Subprocess(command, { args }).outputSync().stdout);
        const text = run("pdftotext", "-layout", file, "-").replace(/\s+/g, "");
        for (const [, words] of fitted.svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)) {
          const plain = words.replaceAll("&lt;", "<").replaceAll("&amp;", "&").replace(/\s+/g, "");
          // Turned text comes out letter by letter.
          if (plain.length < 4 || /^(MSE|accuracy|sharing)/.test(plain)) continue;
          ok(text.includes(plain), `${name}: ${plain} is not in the text`);
        }
        const fonts = run("pdffonts", file).trim().split("\n").slice(2);
        ok(fonts.length > 0 && fonts.every((line) => /DejaVu.* yes yes yes /.test(line)), `${name}: ${fonts}`);
      }
    }),
});
