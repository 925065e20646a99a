/** Colours and marks, in one place. Blue and orange are Okabe and Ito's (2008), told apart with any common colour vision; shapes tell the others apart as well. */
import type { Answer, Reading } from "../../common/vocabulary.ts";

/** How one series is drawn. */
export interface Style {
  readonly colour: string;
  /** A Vega symbol, or the outline of one, so that colour is never the only difference. */
  readonly shape: string;
}

/**
 * Styles of series, in the order in which they are given out. Blue and orange are those of the sides of a verdict as well, and green is that of equivalence
 * alone: a colour means one thing in all figures.
 */
export const SERIES: readonly Style[] = [
  { colour: "#0072b2", shape: "circle" },
  { colour: "#cc79a7", shape: "square" },
  { colour: "#b8960c", shape: "triangle-up" },
  { colour: "#7f4f24", shape: "triangle-down" },
  { colour: "#d55e00", shape: "diamond" },
  { colour: "#8f7ee7", shape: "cross" },
  { colour: "#7a8b1f", shape: "triangle-right" },
  { colour: "#5b2a86", shape: "triangle-left" },
  {
    colour: "#5f7f8f",
    shape: "M0,-1.3L.31,-.42L1.24,-.4L.49,.16L.77,1.05L0,.52L-.77,1.05L-.49,.16L-1.24,-.4L-.31,-.42Z",
  },
  { colour: "#b2182b", shape: "M-1.1,-1.1L1.1,-1.1L-1.1,1.1L1.1,1.1Z" },
  { colour: "#7a7a7a", shape: "M-1.2,-.5L1.2,-.5L1.2,.5L-1.2,.5Z" },
  { colour: "#a8a8a8", shape: "M-.5,-1.2L.5,-1.2L.5,1.2L-.5,1.2Z" },
];

/** Degrees between the hues of further series: the golden angle, so that each falls into the widest gap. */
const GOLDEN_ANGLE = 137.508;
/** What further series have in turn, in percent: strong enough for white paper, light enough for the dark page. */
const LIGHTNESS = [45, 55, 38];
const FIRST_HUE = 20;

/**
 * The style of the series in a place of the table of algorithms. Beyond those of {@linkcode SERIES}, as many as one likes: each has a hue of its own, and no
 * two of one shape are next to each other.
 */
export function styleAt(place: number): Style {
  const { length } = SERIES;
  if (place < length) return SERIES[place];
  const further = place - length;
  const hue = (FIRST_HUE + further * GOLDEN_ANGLE) % 360;
  const round = Math.floor(place / length);
  return {
    colour: hexOf(hue, 65, LIGHTNESS[further % LIGHTNESS.length]),
    shape: SERIES[(place + 5 * round) % length].shape,
  };
}

/** A colour of hue, saturation and lightness (degrees and percent) as #rrggbb: CSS Color 4, section 7.1. */
function hexOf(hue: number, saturation: number, lightness: number): string {
  const [s, l] = [saturation / 100, lightness / 100];
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    return l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return `#${[0, 8, 4].map((n) => Math.round(255 * channel(n)).toString(16).padStart(2, "0")).join("")}`;
}

/** Curves of a picture that are no series. */
export const CURVE_COLOURS = ["#a3347f", "#4c5a9e", "#96694c"] as const;

/** Text, and everything that must stand out on the page. The page's dark theme replaces these four by its own. */
export const INK = "#1f2933";
/** Axis labels and other quiet text. */
export const QUIET = "#5a6572";
/** Grid lines and frames. */
export const FAINT = "#dde2e8";
/** Behind everything. */
export const PAPER = "#ffffff";

/** Colours of figures in the page's dark theme, by what they replace. */
export const DARK_FIGURE: Readonly<Record<string, string>> = {
  [INK]: "#e6eaef",
  [QUIET]: "#a3afbc",
  [FAINT]: "#333c46",
  [PAPER]: "#14181d",
  "#0072b2": "#3f93f2",
  "#d55e00": "#ff8b3d",
  "#7f4f24": "#c08a55",
  "#5b2a86": "#a878d8",
  "#b2182b": "#ef6a6a",
  "#a3347f": "#e07abf",
  "#4c5a9e": "#97a5ec",
  "#96694c": "#d3a888",
  "#b9c2cc": "#4d5965",
  "#aab4be": "#5f6b77",
  "#d9dee4": "#49545f",
  "#f1f3f5": "#232a32",
};

/** Ends and middle of the diverging scale: towards side a, no difference, towards side b. */
export const DIVERGING = { a: "#0072b2", none: "#f5f4f2", b: "#d55e00" } as const;

/** Text on tiles, pale and strong: unlike ink and paper, these stay as they are in the page's dark theme, as tiles do. */
export const ON_TILE = "#1c2126";
export const ON_STRONG_TILE = "#fdfdfd";

/** How a verdict is shown: by letter and colour, so that neither is needed alone. */
export interface VerdictStyle {
  readonly letter: string;
  readonly colour: string;
  /** Of the letter on the colour. */
  readonly ink: string;
}

/** Colours of verdicts as tiles, with the letter that says the same. */
export const VERDICTS = {
  equivalent: { letter: "E", colour: "#12805e", ink: "#fdfdfd" },
  "a-better": { letter: "A", colour: "#1a6fb0", ink: "#fdfdfd" },
  "b-better": { letter: "B", colour: "#c25400", ink: "#fdfdfd" },
  "large-not-established": { letter: "L", colour: "#aab4be", ink: INK },
  undecided: { letter: "?", colour: "#d9dee4", ink: INK },
  none: { letter: "–", colour: "#f1f3f5", ink: INK },
} as const satisfies Record<Answer, VerdictStyle>;

/** Colours of one theme. */
export interface Theme {
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly paper: string;
  /** Of differences within the margin. */
  readonly band: string;
  /** Text that names a side. */
  readonly a: string;
  readonly b: string;
  /** Of verdicts as tiles. */
  readonly verdicts: Readonly<Record<Answer, { readonly fill: string; readonly ink: string }>>;
  /** Of what an interval says. */
  readonly lines: Readonly<Record<Reading | "none", string>>;
}

const TILES = mapped(({ colour, ink }) => ({ fill: colour, ink }));

/** Both themes. */
export const THEMES = {
  light: {
    ...{ ink: INK, quiet: QUIET, line: FAINT, paper: PAPER, band: "#e3e8ed", a: "#0b62a4", b: "#b04a00" },
    verdicts: TILES,
    lines: {
      equivalent: "#12805e",
      "a-better": "#1a6fb0",
      "b-better": "#c25400",
      undecided: "#7b8794",
      none: "#7b8794",
    },
  },
  dark: {
    ...{
      ink: "#e6eaef",
      quiet: "#a3afbc",
      line: "#333c46",
      paper: "#14181d",
      band: "#2b333c",
      a: "#6fb7ec",
      b: "#ff9d57",
    },
    verdicts: {
      ...TILES,
      "large-not-established": { fill: "#5f6b77", ink: "#e6eaef" },
      undecided: { fill: "#3d4854", ink: "#e6eaef" },
      none: { fill: "#232a32", ink: "#e6eaef" },
    },
    lines: {
      equivalent: "#2fb98c",
      "a-better": "#4aa3e8",
      "b-better": "#ff8b3d",
      undecided: "#93a0ad",
      none: "#93a0ad",
    },
  },
} as const satisfies Record<string, Theme>;
export type ThemeName = keyof typeof THEMES;

function mapped<T>(make: (style: VerdictStyle) => T): Record<Answer, T> {
  return Object.fromEntries(Object.entries(VERDICTS).map(([answer, style]) => [answer, make(style)])) as Record<
    Answer,
    T
  >;
}

/** The page's theme: colours that its style sheet defines for light and for dark. */
export const CSS_THEME: Theme = {
  ...{ ink: "var(--ink)", quiet: "var(--quiet)", line: "var(--line)", paper: "var(--paper)", band: "var(--band)" },
  ...{ a: "var(--side-a)", b: "var(--side-b)" },
  verdicts: mapped(() => ({ fill: "", ink: "" })),
  lines: Object.fromEntries(
    ["equivalent", "a-better", "b-better", "undecided", "none"].map((reading) => [reading, `var(--line-${reading})`]),
  ) as Theme["lines"],
};

/** Declarations of these colours. */
export function cssColours(theme: Theme): string {
  const { verdicts, lines } = theme;
  return [
    `--band: ${theme.band}; --side-a: ${theme.a}; --side-b: ${theme.b};`,
    ...Object.entries(lines).map(([reading, colour]) => `--line-${reading}: ${colour};`),
    ...Object.entries(verdicts).map(([answer, { fill, ink }]) => `--v-${answer}: ${fill}; --v-${answer}-ink: ${ink};`),
  ].join(" ");
}
