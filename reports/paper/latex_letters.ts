/** Letters as LaTeX without packages prints them, in its oldest encoding (OT1): `article` alone is enough. */

const COMMANDS: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "$": "\\$",
  "&": "\\&",
  "#": "\\#",
  "%": "\\%",
  "_": "\\_",
  "^": "\\textasciicircum{}",
  "~": "\\textasciitilde{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  "`": "\\textquoteleft{}",
  // A bracket or a star after the end of a row would be taken for an argument of it.
  "[": "{[}",
  "*": "{*}",
  "“": "\\textquotedblleft{}",
  "”": "\\textquotedblright{}",
  "„": "\\textquotedblright{}",
  "‘": "\\textquoteleft{}",
  "’": "'",
  "«": "$\\ll$",
  "»": "$\\gg$",
  "–": "--",
  "—": "---",
  "−": "$-$",
  "‐": "-",
  "‑": "-",
  "…": "\\dots{}",
  "•": "$\\bullet$",
  "·": "$\\cdot$",
  "±": "$\\pm$",
  "×": "$\\times$",
  "÷": "$\\div$",
  "≤": "$\\leq$",
  "≥": "$\\geq$",
  "≠": "$\\neq$",
  "≈": "$\\approx$",
  "∞": "$\\infty$",
  "→": "$\\rightarrow$",
  "←": "$\\leftarrow$",
  "↔": "$\\leftrightarrow$",
  "⇒": "$\\Rightarrow$",
  "∈": "$\\in$",
  "∑": "$\\sum$",
  "√": "$\\surd$",
  "∂": "$\\partial$",
  "∇": "$\\nabla$",
  "✓": "$\\surd$",
  "✗": "$\\times$",
  "°": "$^{\\circ}$",
  "µ": "$\\mu$",
  "¬": "$\\neg$",
  "§": "\\S{}",
  "¶": "\\P{}",
  "†": "\\dag{}",
  "‡": "\\ddag{}",
  "©": "\\copyright{}",
  "£": "\\pounds{}",
  "¡": "!`",
  "¿": "?`",
  "ß": "\\ss{}",
  "æ": "\\ae{}",
  "Æ": "\\AE{}",
  "œ": "\\oe{}",
  "Œ": "\\OE{}",
  "ø": "\\o{}",
  "Ø": "\\O{}",
  "å": "\\aa{}",
  "Å": "\\AA{}",
  "ł": "\\l{}",
  "Ł": "\\L{}",
  "ı": "\\i{}",
};

/** Accents by the character that combines with a letter. */
const ACCENTS: Readonly<Record<string, string>> = {
  "\u0300": "\\`",
  "\u0301": "\\'",
  "\u0302": "\\^",
  "\u0303": "\\~",
  "\u0304": "\\=",
  "\u0306": "\\u",
  "\u0307": "\\.",
  "\u0308": '\\"',
  "\u030a": "\\r",
  "\u030b": "\\H",
  "\u030c": "\\v",
  "\u0323": "\\d",
  "\u0327": "\\c",
  "\u0331": "\\b",
};

const GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi o pi rho varsigma sigma tau " +
  "upsilon phi chi psi omega";
const GREEK_CAPITALS = "A B Gamma Delta E Z H Theta I K Lambda M N Xi O Pi P . Sigma T Upsilon Phi X Psi Omega";

/** Names of math mode by letter; single letters stand for themselves. */
const MATHS: ReadonlyMap<string, string> = new Map(
  [[GREEK, "α"], [GREEK_CAPITALS, "Α"]].flatMap(([names, first]) =>
    names.split(" ").map((name, i): [string, string] => [
      String.fromCodePoint((first.codePointAt(0) ?? 0) + i),
      name.length === 1 ? `$\\mathrm{${name}}$` : `$\\${name}$`,
    ])
  ),
);

/**
 * One letter. One that LaTeX does not have, of Chinese for example, is named by its code point, as "U+4E2D"; what has no shape of its own is left out.
 *
 * @param letter a code point
 */
export function latexLetter(letter: string): string {
  const known = COMMANDS[letter] ?? MATHS.get(letter);
  if (known !== undefined) return known;
  if (/^[\x20-\x7e]$/.test(letter)) return letter;
  if (/^\p{Cf}$/u.test(letter)) return "";
  const [base, ...marks] = letter.normalize("NFD");
  if (marks.length > 0 && (/^[A-Za-z]$/.test(base) || MATHS.has(base))) {
    // Accents are not put on letters of math mode.
    if (MATHS.has(base)) return latexLetter(base);
    const commands = marks.map((mark) => ACCENTS[mark]);
    if (commands.every((command) => command !== undefined)) {
      const plain = /^[ij]$/.test(base) && !/[\u0323\u0327\u0331]/.test(marks[0]) ? `\\${base}{}` : base;
      return commands.reduce((inner, command) => `${command}{${inner}}`, plain);
    }
  }
  // Letters of other widths, ligatures, figures in circles.
  const plain = letter.normalize("NFKD");
  if (/^[A-Za-z0-9]+$/.test(plain)) return plain;
  return `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
