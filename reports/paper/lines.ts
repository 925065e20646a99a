/** Text that is too long for one line in print. */
import { textsExpr, textsIn } from "../figures/axes.ts";
import { items, type Loose, loose } from "./panels.ts";

/** Words in lines of at most so many letters, where words allow. */
export function linesOf(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = `${lines.at(-1) ?? ""} ${word}`.trim();
    if (lines.length > 0 && line.length <= letters) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines;
}

/** Vega expression that breaks a panel's name after its first part. */
export const IN_TWO_LINES = "indexof(datum.value, ', ') < 0 ? datum.value : " +
  "[slice(datum.value, 0, indexof(datum.value, ', ') + 1), slice(datum.value, indexof(datum.value, ', ') + 2)]";

/** Whether so many letters of a panel's name are wider than a panel. */
export function isWide(letters: number, room: number): boolean {
  return letters * 4.4 > room - 12;
}

/** Room of a row of two lines, on the page. */
const TWO_LINES = 25;

/** Where texts beside rows would leave no room for the rows, they break in two lines, and rows are as much higher. */
export function withShortRows(view: Loose, room: number): Loose {
  let long = false;
  const broken = (node: Loose): Loose => {
    const encoding = loose(node.encoding);
    const y = loose(encoding.y);
    const axis = loose(y.axis);
    const texts = textsIn(axis.labelExpr);
    const layers = items(node.layer).map((layer) => broken(loose(layer)));
    const below = layers.length === 0 ? {} : { layer: layers };
    const letters = Math.max(0, ...Object.values(texts ?? {}).map((text) => text.length));
    if (texts === undefined || letters * 3.9 < 0.68 * room) return { ...node, ...below };
    long = true;
    const lines = Object.entries(texts).map(([row, text]) => [row, twoLines(text)]);
    const short = { ...axis, labelExpr: textsExpr(Object.fromEntries(lines)), labelLineHeight: 6.8 };
    return { ...node, ...below, encoding: { ...encoding, y: { ...y, axis: short } } };
  };
  const shown = broken(view);
  return long ? { ...shown, height: { step: TWO_LINES } } : view;
}

/** A text broken at the space that makes its longer line shortest. */
function twoLines(text: string): string[] {
  const words = text.split(" ");
  const breaks = words.slice(1).map((_, i) => [words.slice(0, i + 1).join(" "), words.slice(i + 1).join(" ")]);
  const longer = (lines: readonly string[]) => Math.max(...lines.map((line) => line.length));
  return breaks.reduce((best, lines) => longer(lines) < longer(best) ? lines : best, [text]);
}
