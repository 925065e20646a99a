import { deepStrictEqual as equal, match, notDeepStrictEqual as differ, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { decode } from "fast-png";
import { PROJECT_ROOT } from "../../common/project.ts";
import { Subprocess } from "../../common/subprocess.ts";
import { renderPdf } from "../paper/pdf.ts";
import { fontFiles, lettersOf } from "./fonts.ts";
import { lettered } from "./lettering.ts";
import { renderPng } from "./render.ts";

const svg = (words: string, weight = 400) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="40"><text x="8" y="28" font-size="20" font-family="sans-serif" font-weight="${weight}">${words}</text></svg>`;

/** Dark pixels of a text. */
async function pixels(words: string, weight?: number): Promise<number[]> {
  const { data, channels } = decode(await renderPng(svg(words, weight), { scale: 1 }));
  return Array.from({ length: data.length / channels }, (_, pixel) => Number(data[pixel * channels] < 128));
}

const ink = (drawn: readonly number[]) => drawn.reduce((sum, pixel) => sum + pixel, 0);

/** Two letters of scripts that the usual font lacks. */
const SCRIPTS = {
  ...{ Chinese: ["中", "文"], Japanese: ["テ", "ス"], Korean: ["한", "글"], Thai: ["ไ", "ย"], Devanagari: ["ह", "न"] },
  ...{ Tamil: ["த", "ழ"], Bengali: ["ক", "খ"], Yi: ["ꀀ", "ꀁ"], Ethiopic: ["ሀ", "ለ"] },
};

Deno.test("letters of scripts that the usual font lacks have forms of their own in PNGs, and no boxes", async () => {
  const box = await pixels("\u{10fff0}");
  for (const [script, [one, other]] of Object.entries(SCRIPTS)) {
    const [first, second] = [await pixels(one), await pixels(other)];
    ok(ink(first) > 10 && ink(second) > 10, `${script}: nothing is drawn`);
    differ(first, second, `${script}: ${one} and ${other} look the same`);
    differ(first, box, script);
    equal((await lettered(svg(one + other))).warning, undefined, script);
  }
});

Deno.test("letters that the usual font has look the same beside others, and text without others is left as it is", async () => {
  for (const weight of [400, 700]) {
    const alone = await pixels("MTL", weight);
    const beside = await pixels("MTL 中文", weight);
    const width = 240;
    const left = (drawn: readonly number[]) => drawn.filter((_, pixel) => pixel % width < 8 + 3 * 14);
    equal(left(beside), left(alone), `weight ${weight}`);
  }
  const plain = svg("αβγ — Größe &amp; Ж");
  const { svg: same, wide } = await lettered(plain);
  equal([same, wide], [plain, undefined]);
});

Deno.test("attributes and titles keep their letters without tags, and entities stay whole", async () => {
  const drawing =
    `<svg><title>中</title><text aria-label="中 > &lt;">a &amp; 中文 b</text><text>中<tspan>文</tspan></text></svg>`;
  const { svg } = await lettered(drawing);
  const marked = (words: string) => `<tspan font-family="UnifontEX">${words}</tspan>`;
  strictEqual(
    svg,
    `<svg><title>中</title><text aria-label="中 > &lt;">a &amp; ${marked("中文")} b</text><text>${marked("中")}<tspan>${
      marked("文")
    }</tspan></text></svg>`,
  );
});

Deno.test("a letter that no font has is written as its code point, with a warning", async () => {
  const { svg: drawn, warning } = await lettered(svg("a\u{10fff0}b"));
  ok(drawn.includes(">aU+10FFF0b<"), drawn);
  match(
    warning ?? "",
    /^PNGs and PDFs name these letters by their code points: .*\(U\+10FFF0\): no font of this project/,
  );
  const heard: string[] = [];
  await renderPng(svg("a\u{10fff0}b"), { warn: (warning) => heard.push(warning) });
  await renderPdf({ svg: svg("a\u{10fff0}b"), width: 240, height: 40 }, "t", (warning) => heard.push(warning));
  equal(heard, [warning, warning]);
});

Deno.test("PDFs embed the letters that they need and say which these are, marks without a width too", async () => {
  const pdf = async (words: string) => await renderPdf({ svg: svg(words), width: 240, height: 40 }, "t");
  const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
  const fonts = (bytes: Uint8Array) => text(bytes).match(/\/FontFile2/g)?.length ?? 0;
  const [none, some] = [await pdf("MTL"), await pdf("MTL 中文")];
  equal([fonts(none), fonts(some)], [1, 2]);
  differ(await pdf("हिन्दी"), await pdf("हनद"));
  equal(some, await pdf("MTL 中文"));
});

Deno.test("without the package of the font the letters are written as code points and the warning says the way out", async () => {
  await using folder = await emptyCache();
  const code = `
    import { lettered } from "${new URL("./lettering.ts", import.meta.url).href}";
    const { svg, warning } = await lettered("<svg><text>中</text></svg>");
    console.log(svg, warning);
  `;
  const flags = ["--cached-only", "--no-prompt", "--no-check", `--config=${join(PROJECT_ROOT, "deno.json")}`];
  const { stdout, stderr } = await Subprocess.deno({
    args: [
      "run",
      "-q",
      ...flags,
      `--import-map=${folder.map}`,
      `data:application/typescript,${encodeURIComponent(code)}`,
    ],
  }).output();
  const said = new TextDecoder().decode(stdout);
  match(
    said,
    /^<svg><text>U\+4E2D<\/text><\/svg> PNGs and PDFs .*cannot be fetched .*npm's registry can be reached.*\n$/,
    new TextDecoder().decode(stderr),
  );
});

/** An import map in which the font's package is nowhere. */
async function emptyCache(): Promise<{ map: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  const map = join(path, "map.json");
  const { imports } = JSON.parse(Deno.readTextFileSync(join(PROJECT_ROOT, "deno.json"))) as {
    imports: Record<string, string>;
  };
  // A map that is given as a file takes names without their paths literally.
  const paths = Object.entries(imports).map(([name, address]) => [`${name}/`, `${address.replace("npm:", "npm:/")}/`]);
  const nowhere = { "@fontsource/unifontex/": "file:///nowhere/" };
  Deno.writeTextFileSync(map, JSON.stringify({ imports: { ...imports, ...Object.fromEntries(paths), ...nowhere } }));
  return { map, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("a font says which letters it has", async () => {
  const { regular } = await fontFiles();
  const has = lettersOf(regular);
  equal([..."aÅЖλ中ไ\u{10fff0}"].map((letter) => has(letter.codePointAt(0)!)), [
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
