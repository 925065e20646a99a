/** Colours and marks, in one place. Series colours are Okabe and Ito's (2008), told apart with any common colour vision. */
import type { Answer } from "../statistics/judge.ts";

/** How an algorithm is drawn everywhere. */
export interface Style {
  readonly colour: string;
  /** A Vega symbol, so that colour is never the only difference. */
  readonly shape: string;
  /** What the comparison is about stands out. */
  readonly prominent: boolean;
}

/** Drawn in this order; other algorithms follow by name. */
const STYLES: Readonly<Record<string, Style>> = {
  mtl: { colour: "#0072b2", shape: "circle", prominent: true },
  maml: { colour: "#d55e00", shape: "square", prominent: true },
  fomaml: { colour: "#e69f00", shape: "triangle-up", prominent: false },
  anil: { colour: "#cc79a7", shape: "diamond", prominent: false },
  boil: { colour: "#009e73", shape: "triangle-down", prominent: false },
  reptile: { colour: "#56b4e9", shape: "cross", prominent: false },
  pooled: { colour: "#7a7a7a", shape: "triangle-right", prominent: false },
  scratch: { colour: "#a8a8a8", shape: "triangle-left", prominent: false },
};

const OTHERS: readonly Style[] = ["#8c6d1f", "#6a51a3", "#00868b", "#b2182b"].map((colour, i) => ({
  colour,
  shape: ["triangle-up", "diamond", "triangle-down", "cross"][i],
  prominent: false,
}));

/** Names in the order they are drawn and listed: known ones first, then the others by name. */
export function algorithmOrder(names: Iterable<string>): string[] {
  const known = Object.keys(STYLES);
  const rank = (name: string) => known.includes(name) ? known.indexOf(name) : known.length;
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Styles of the given algorithms; those without one of their own get one by their place among such. */
export function stylesOf(names: readonly string[]): Style[] {
  const unknown = names.filter((name) => !(name in STYLES));
  return names.map((name) => STYLES[name] ?? OTHERS[unknown.indexOf(name) % OTHERS.length]);
}

/** Text, and everything that must stand out on the page. The page's dark theme replaces these four by its own. */
export const INK = "#1f2933";
/** Axis labels and other quiet text. */
export const QUIET = "#5a6572";
/** Grid lines and frames. */
export const FAINT = "#dde2e8";
/** Behind everything. */
export const PAPER = "#ffffff";

/** Ends and middle of the diverging scale: towards MAML, no difference, towards MTL. */
export const DIVERGING = { maml: "#d55e00", none: "#f5f4f2", mtl: "#0072b2" } as const;

/** How a verdict is shown: by letter and colour, so that neither is needed alone. */
export interface VerdictStyle {
  readonly letter: string;
  readonly colour: string;
  /** Of the letter on the colour. */
  readonly ink: string;
}

/** Tile colours are not among those that the dark theme replaces, but for the last two and their ink. */
export const VERDICTS = {
  equivalent: { letter: "E", colour: "#12805e", ink: "#fdfdfd" },
  "mtl-better": { letter: "M", colour: "#1a6fb0", ink: "#fdfdfd" },
  "meta-better": { letter: "G", colour: "#c25400", ink: "#fdfdfd" },
  inconclusive: { letter: "?", colour: "#d9dee4", ink: INK },
  none: { letter: "–", colour: "#f1f3f5", ink: INK },
} as const satisfies Record<Answer, VerdictStyle>;
