/** A page of pictures of whole runs, for people who have made none yet: a folder of files that any viewer of Markdown shows. */
import { answerPicture } from "../figures/answer_picture.ts";
import { FIGURES } from "../figures/registry.ts";
import { renderPng } from "../figures/render.ts";
import type { ReportInput } from "../view/input.ts";
import { figureCaption, runNote } from "./captions.ts";
import { fit } from "./fit.ts";
import { markdownText } from "./markdown.ts";
import { WIDTHS } from "./theme.ts";

/** The figures of the page, in its order: those that a reader understands who has not read the manual. */
const SHOWN: readonly (keyof typeof FIGURES)[] = [
  ...["forest", "score_by_steps", "train_by_adapt", "cost_by_score", "validation_curves"] as const,
  ...["curve_adaptation", "omniglot_episode", "text_episode"] as const,
];

/** Pixels per point of a PNG, which is as wide as two columns of a paper. */
const SCALE = 2;

/** A run that is pictured. */
export interface GalleryRun {
  /** Of its sweep; names of its files begin with it. */
  readonly name: string;
  /** Commands that make the run, as lines of a shell. */
  readonly commands: readonly string[];
  /** The backend that computed it, on which the last bits of its numbers depend. */
  readonly backend: string;
  readonly input: ReportInput;
  /** Files that its commands need, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** What the page is called. */
export const GALLERY_PAGE = "README.md";

/** The first line of the page: by it a folder is known to be a gallery, which may be drawn again. */
export const GALLERY_MARK = "<!-- Written by deno task gallery: draw it again instead of editing it. -->";

/**
 * The files of a gallery by name, its page last. The same input gives the same bytes.
 *
 * @param command that draws it
 * @param warn hears of letters that the pictures lack
 * @throws Error when a figure cannot be drawn without a warning
 */
export async function galleryFiles(
  runs: readonly GalleryRun[],
  command: string,
  warn = (_: string) => {},
): Promise<Map<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>();
  const sections: string[] = [];
  for (const { name, commands, backend, input, files: needed } of runs) {
    const lines = [`## ${markdownText(input.title)}`, shell(commands), `Computed on the backend \`${backend}\`.`];
    for (const [file, text] of Object.entries(needed)) files.set(file, text);
    const [light, dark] = [answerPicture(input, "light"), answerPicture(input, "dark")];
    if (light !== undefined && dark !== undefined) {
      files.set(`${name}-answer-light.svg`, light.svg);
      files.set(`${name}-answer-dark.svg`, dark.svg);
      lines.push(bothThemes(`${name}-answer`, light.alt));
    }
    for (const dataset of input.datasets) {
      const pictures: string[] = [];
      for (const figure of SHOWN) {
        const drawing = FIGURES[figure].draw(input, dataset);
        if (drawing === undefined) continue;
        const id = `${name}-${figure}-${dataset.name}`;
        const { svg } = await fit(drawing.spec, WIDTHS.double, id);
        files.set(`${id}.png`, await renderPng(svg, { scale: SCALE, warn }));
        pictures.push(
          `![${markdownText(drawing.alt)}](${id}.png)`,
          markdownText(figureCaption(drawing, input, dataset)),
        );
      }
      if (pictures.length === 0) continue;
      lines.push(`### ${markdownText(dataset.title)}`, ...pictures);
      const note = runNote(input, dataset);
      if (note !== "") lines.push(markdownText(note));
    }
    sections.push(lines.join("\n\n"));
  }
  return files.set(GALLERY_PAGE, [GALLERY_MARK, ...heading(command), ...sections].join("\n\n") + "\n");
}

function heading(command: string): string[] {
  return [
    "# Gallery",
    "Pictures of whole runs, a few of those that their reports have. One command draws all of this from the results of the runs:",
    shell([command]),
    "The same results give the same bytes. Above the pictures of each run stands how to make it; its results are the same " +
    "on any machine with the same backend, but for how many seeds a budget of time allows, which captions say.",
  ];
}

function shell(lines: readonly string[]): string {
  return ["```sh", ...lines, "```"].join("\n");
}

/** A picture that is there twice, for light and for dark pages. */
function bothThemes(id: string, alt: string): string {
  const text = alt.replace(/\s+/g, " ").replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return [
    "<picture>",
    `  <source media="(prefers-color-scheme: dark)" srcset="${id}-dark.svg">`,
    `  <img alt="${text}" src="${id}-light.svg">`,
    "</picture>",
  ].join("\n");
}

/** The files that the page of an earlier gallery shows or names; undefined where it is no page of one. */
export function filesOfGallery(page: string): string[] | undefined {
  if (!page.startsWith(GALLERY_MARK)) return undefined;
  const lines = [
    /^!\[.*\]\(([\w.-]+\.png)\)$/gm,
    /^ +<(?:source|img) .* (?:src|srcset)="([\w.-]+\.svg)">$/gm,
    /^deno task bench --sweep '?\S*\/([\w.-]+\.json)\b/gm,
  ];
  return [...new Set(lines.flatMap((line) => [...page.matchAll(line)].map(([, name]) => name)))];
}
