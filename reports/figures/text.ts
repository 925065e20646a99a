/** How much room text takes, as far as that can be told without a font. */

/** Letters that are as wide as high. */
const SQUARE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Yi}\u3000-\u303f\uff01-\uff60]/u;

/** Rough width of sans-serif text in pixels, a little generous. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const letter of text) {
    em += SQUARE.test(letter) ? 1 : /[iljtfI.,:;|'!()\s]/.test(letter) ? 0.38 : /[mwMW%—]/.test(letter) ? 0.95 : 0.63;
  }
  return em * fontSize;
}

/** The same of bold text, whose letters are wider. */
export function boldWidth(text: string, fontSize: number): number {
  return 1.12 * textWidth(text, fontSize);
}

/** Words in lines of at most so many pixels, where words allow. */
export function wrapped(text: string, fontSize: number, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = `${lines.at(-1) ?? ""} ${word}`.trim();
    if (lines.length > 0 && textWidth(line, fontSize) <= room) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines;
}
