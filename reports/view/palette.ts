/** Colours and marks, in one place. Series colours are Okabe and Ito's (2008), told apart with any common colour vision. */
import type { Answer } from "../../common/vocabulary.ts";

/** How one series is drawn. */
export interface Style {
  readonly colour: string;
  /** A Vega symbol, or the outline of one, so that colour is never the only difference. */
  readonly shape: string;
}

/** Styles of series, in the order in which they are given out. */
export const SERIES: readonly Style[] = [
  { colour: "#0072b2", shape: "circle" },
  { colour: "#d55e00", shape: "square" },
  { colour: "#e69f00", shape: "triangle-up" },
  { colour: "#cc79a7", shape: "diamond" },
  { colour: "#009e73", shape: "triangle-down" },
  { colour: "#56b4e9", shape: "cross" },
  { colour: "#8c6d1f", shape: "triangle-right" },
  { colour: "#6a51a3", shape: "triangle-left" },
  {
    colour: "#00868b",
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

/** Text, and everything that must stand out on the page. The page's dark theme replaces these four by its own. */
export const INK = "#1f2933";
/** Axis labels and other quiet text. */
export const QUIET = "#5a6572";
/** Grid lines and frames. */
export const FAINT = "#dde2e8";
/** Behind everything. */
export const PAPER = "#ffffff";

/** Ends and middle of the diverging scale: towards side a, no difference, towards side b. */
export const DIVERGING = { a: "#0072b2", none: "#f5f4f2", b: "#d55e00" } as const;

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
  "a-better": { letter: "A", colour: "#1a6fb0", ink: "#fdfdfd" },
  "b-better": { letter: "B", colour: "#c25400", ink: "#fdfdfd" },
  "large-not-established": { letter: "L", colour: "#e6c26a", ink: "#1c2126" },
  undecided: { letter: "?", colour: "#d9dee4", ink: INK },
  none: { letter: "–", colour: "#f1f3f5", ink: INK },
} as const satisfies Record<Answer, VerdictStyle>;
