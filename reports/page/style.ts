/** The page's style sheet. System fonts, no request; light and dark by the reader's preference; prints in light. */
import { FAINT, INK, PAPER, QUIET } from "../view/palette.ts";

/** Colours of figures in the dark theme, by what they replace. */
const DARK_FIGURE: Readonly<Record<string, string>> = {
  [INK]: "#e6eaef",
  [QUIET]: "#a3afbc",
  [FAINT]: "#333c46",
  [PAPER]: "#14181d",
  "#0072b2": "#3f93f2",
  "#d55e00": "#ff8b3d",
  "#56b4e9": "#9bdcf7",
  "#7d4bb5": "#b790ea",
  "#b0761a": "#d9a04a",
  "#b9c2cc": "#4d5965",
  "#d9dee4": "#49545f",
  "#f1f3f5": "#232a32",
};

const darkFigures = Object.entries(DARK_FIGURE).map(([light, dark]) =>
  `  figure svg [fill="${light}"] { fill: ${dark}; }\n  figure svg [stroke="${light}"] { stroke: ${dark}; }`
).join("\n");

/** Contents of the page's style element. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: ${INK}; --quiet: ${QUIET}; --line: ${FAINT}; --paper: ${PAPER}; --card: #f6f8fa; --accent: #0072b2;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 var(--sans); }
main, header.top, footer { max-width: 72rem; margin: 0 auto; padding: 0 1.5rem; }
header.top { padding-top: 3rem; }
.eyebrow { margin: 0; color: var(--quiet); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; }
h1 { margin: .2rem 0 .8rem; font-size: clamp(1.8rem, 4vw, 2.6rem); line-height: 1.15; letter-spacing: -.02em; font-weight: 650; }
h2 { margin: 4rem 0 1rem; font-size: 1.45rem; line-height: 1.25; letter-spacing: -.01em; font-weight: 650; }
h3 { margin: 2.2rem 0 .6rem; font-size: 1.05rem; font-weight: 650; }
p, ul { max-width: 44rem; }
.lead { font-size: 1.15rem; color: var(--ink); }
.answer { max-width: 54rem; margin: .8rem 0 .6rem; font-size: clamp(1.15rem, 2vw, 1.4rem); line-height: 1.4; font-weight: 550; text-wrap: pretty; }
.beware { max-width: 54rem; margin: .2rem 0 .6rem; padding-left: .8rem; border-left: 3px solid #b0761a; }
.answer.costs { font-weight: 400; }
.answer .n { color: var(--quiet); font-weight: 400; }
.badge { display: inline-block; min-width: 1.5em; padding: 0 .35em; border-radius: .3em; font-weight: 700; text-align: center; font-variant-numeric: normal; print-color-adjust: exact; }
.unit { font-size: .95rem; font-weight: 400; color: var(--quiet); letter-spacing: 0; }
.grids { display: flex; flex-wrap: wrap; gap: 0 2.5rem; }
.grids figure { flex: 1 1 min(100%, calc(.8 * var(--width))); min-width: 0; margin: .5rem 0 1rem; }
.grids figcaption { font-size: .82rem; line-height: 1.5; }
.quiet, small { color: var(--quiet); }
a { color: var(--accent); text-underline-offset: .15em; }
nav { margin: 1.5rem 0 0; padding: .75rem 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); font-size: .9rem; }
nav a { margin-right: 1.4rem; text-decoration: none; white-space: nowrap; }
nav a:hover { text-decoration: underline; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 34rem)); gap: 1rem; margin: 1.5rem 0; }
.card { padding: 1.2rem 1.4rem 1.3rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
.card h3 { margin: 0 0 .8rem; }
.card dl { margin: 0; }
.card dt { color: var(--quiet); font-size: .85rem; margin-top: .9rem; }
.card dd { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .5rem; margin: 0; }
.card dd small { flex-basis: 100%; }
.big { margin-right: .6rem; font-size: 1.7rem; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
.card dd small { display: block; line-height: 1.45; }
figure { margin: 2rem 0 3rem; }
figure .picture { overflow-x: auto; margin-left: -12px; }
figure svg { background: transparent !important; display: block; max-width: 100%; min-width: var(--least, 0); height: auto; }
figure svg text { font-family: var(--sans); }
figcaption { max-width: 52rem; margin-top: .6rem; color: var(--quiet); font-size: .9rem; }
figcaption .files { white-space: nowrap; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
.caption { margin: .2rem 0 0; color: var(--quiet); font-size: .9rem; }
th, td { padding: .42rem .9rem .42rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-weight: 500; vertical-align: bottom; border-bottom-color: var(--quiet); white-space: nowrap; }
tbody th { font-weight: 600; white-space: nowrap; }
td.n, th.n { text-align: right; padding-left: .9rem; padding-right: 0; white-space: nowrap; }
td.n + td:not(.n), th.n + th:not(.n) { padding-left: 1.4rem; }
.tall { max-height: 44rem; overflow: auto; }
.tall thead th { position: sticky; top: 0; background: var(--paper); }
td.wide { min-width: 24rem; padding-left: 1.4rem; }
td.line, td:has(.badge), .outcome { white-space: nowrap; }
th button { all: unset; cursor: pointer; }
th button:hover { color: var(--ink); text-decoration: underline; }
th button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
th[aria-sort="ascending"] button::after { content: " ▲"; font-size: .7em; }
th[aria-sort="descending"] button::after { content: " ▼"; font-size: .7em; }
.cells { min-height: 20rem; }
.cells .bar { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1rem; margin: 1rem 0 0; }
.cells input { width: min(24rem, 70vw); }
.cells input, .cells .bar button { padding: .25rem .6rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .3rem; }
.cells .bar button:disabled { color: var(--quiet); }
.cells .scroll { max-height: 44rem; overflow: auto; font-size: .9em; }
.cells thead th { position: sticky; top: 0; background: var(--paper); }
dl.methods { max-width: 44rem; }
dl.methods dt { margin-top: 1.1rem; font-weight: 600; }
dl.methods dd { margin: 0; }
#vg-tooltip-element { visibility: hidden; position: fixed; z-index: 10; max-width: 26rem; padding: .6rem .8rem; pointer-events: none; background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: .4rem; box-shadow: 0 4px 16px rgb(0 0 0 / 18%); font-size: .8rem; line-height: 1.4; }
#vg-tooltip-element.visible { visibility: visible; }
#vg-tooltip-element td { padding: .1rem 0; border: 0; }
#vg-tooltip-element td.key { padding-right: .8rem; color: var(--quiet); text-align: right; white-space: nowrap; }
td small, tbody th small { display: block; line-height: 1.35; }
tbody th small { min-width: 17rem; font-weight: 400; white-space: normal; }
td.name { min-width: 13rem; }
code, pre { font-family: var(--mono); font-size: .85em; }
pre { overflow: auto; max-height: 28rem; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; font-size: .8rem; line-height: 1.45; }
td.wrap { overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--accent); }
footer { margin-top: 4rem; padding-top: 1.2rem; padding-bottom: 3rem; color: var(--quiet); font-size: .85rem; border-top: 1px solid var(--line); }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaef; --quiet: #a3afbc; --line: #333c46; --paper: #14181d; --card: #1b2027; --accent: #6fb7ec; }
}
@media screen {
  main > section[id], .tall { content-visibility: auto; contain-intrinsic-size: auto 44rem; }
}
@media screen and (prefers-color-scheme: dark) {
${darkFigures}
}
@page wide { size: landscape; }
@media print {
  :root { color-scheme: light; --ink: #000; --quiet: #444; --line: #ccc; --paper: #fff; --card: #fff; --accent: #000; }
  body { font-size: 10pt; }
  header.top { padding-top: 0; }
  nav, .cells { display: none; }
  h2 { break-after: avoid; margin-top: 2rem; }
  figure, .card, tr { break-inside: avoid; }
  figure svg { min-width: 0; }
  table { font-size: 7.5pt; line-height: 1.25; }
  th, td { padding-top: .15rem; padding-bottom: .15rem; }
  th, td, td.n, td.line, td:has(.badge), thead th, tbody th { padding-right: .5em; white-space: normal; }
  td.wide { min-width: 17em; }
  td small { font-size: 6.5pt; }
  /* Long tables are wide ones too. */
  .tall { page: wide; }
  .scroll, .tall, figure .picture, pre { overflow: visible; max-height: none; }
}
`;
