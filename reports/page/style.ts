/** The page's style sheet. System fonts, no request; light and dark by the reader's preference; prints in light. */
import { cssColours, DARK_FIGURE, THEMES } from "../view/palette.ts";

const darkFigures = Object.entries(DARK_FIGURE).map(([light, dark]) =>
  `  figure svg [fill="${light}"] { fill: ${dark}; }\n  figure svg [stroke="${light}"] { stroke: ${dark}; }`
).join("\n");

const tiles = Object.keys(THEMES.light.verdicts).map((answer) =>
  `.v-${answer} { background: var(--v-${answer}); color: var(--v-${answer}-ink); }`
).join("\n");

const { light, dark } = THEMES;

/** Contents of the page's style element. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: ${light.ink}; --quiet: ${light.quiet}; --line: ${light.line}; --paper: ${light.paper}; --card: #f6f8fa; --accent: #0067a3;
  ${cssColours(light)}
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 3.5rem; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 var(--sans); overflow-wrap: break-word; }
.page { min-width: 0; max-width: 76rem; padding: 0 1.5rem; }
.eyebrow { margin: 0; color: var(--quiet); font-size: .85rem; }
header.top { padding-top: 1.6rem; }
h1 { margin: .2rem 0 .6rem; font-size: clamp(1.5rem, 3vw, 2rem); line-height: 1.15; letter-spacing: -.02em; font-weight: 650; }
h2 { margin: 3.5rem 0 1rem; font-size: 1.45rem; line-height: 1.25; letter-spacing: -.01em; font-weight: 650; }
#answer h2 { margin-top: 2rem; }
h3 { margin: 2.2rem 0 .6rem; font-size: 1.05rem; font-weight: 650; }
p, ul { max-width: 46rem; }
.answer { max-width: 60rem; margin: .4rem 0 1rem; font-size: clamp(1.05rem, 2vw, 1.3rem); line-height: 1.4; text-wrap: pretty; }
.beware { max-width: 54rem; margin: .6rem 0; padding-left: .8rem; border-left: 3px solid var(--quiet); }
.badge { display: inline-block; min-width: 1.5em; padding: 0 .35em; border-radius: .3em; font-weight: 700; text-align: center; font-variant-numeric: normal; print-color-adjust: exact; }
.quiet, small { color: var(--quiet); }
a { color: var(--accent); text-underline-offset: .15em; }
${tiles}

/* Contents: a list beside the page where there is room, else a line above it that scrolls. */
nav { position: sticky; top: 0; z-index: 2; background: var(--paper); border-bottom: 1px solid var(--line); font-size: .9rem; }
nav ul { display: flex; max-width: none; margin: 0; padding: .55rem 1.5rem; overflow-x: auto; list-style: none; gap: 1.3rem; }
nav a { display: block; padding: .15rem 0; text-decoration: none; white-space: nowrap; }
nav a:hover { text-decoration: underline; }
@media screen and (min-width: 1200px) {
  html { scroll-padding-top: 1rem; }
  body { display: grid; grid-template-columns: 13rem minmax(0, 1fr); max-width: 92rem; margin: 0 auto; }
  nav { align-self: start; max-height: 100vh; overflow-y: auto; border: 0; }
  nav ul { flex-direction: column; gap: .1rem; padding: 1.6rem 0 1.6rem 1.5rem; }
  nav a { white-space: normal; }
}

/* The answer. */
.hero { width: 100%; margin: .6rem 0; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.hero th, .hero td { padding: .55rem .6rem .55rem 0; line-height: 1.35; }
.hero thead th { white-space: normal; font-size: .78rem; line-height: 1.3; }
.hero tbody th { white-space: normal; font-weight: 400; }
.hero .set { display: block; font-weight: 650; }
.hero tr.same .set { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.hero td small { display: block; font-size: .8rem; }
.hero b { font-weight: 650; }
.hero .measure { display: block; min-height: 2.6rem; font-size: .9rem; white-space: nowrap; }
.hero .plot { width: 200px; padding: 0 .8rem 0 0; }
.bars { display: block; }
@media screen and (min-width: 900px) {
  /* Tables of several metrics stand below each other, and so do their columns. */
  .hero { table-layout: fixed; }
  .hero thead th:nth-child(1) { width: 14%; }
  .hero thead th:nth-child(2) { width: 16%; }
  .hero thead th:nth-child(n + 5) { width: 11%; }
  .hero thead th:nth-child(7) { width: 14%; }
}
.chip { display: inline-block; padding: .1rem .5rem; border-radius: .35rem; font-weight: 650; font-size: .92rem; print-color-adjust: exact; }
.side-a { color: var(--side-a); display: block; } .side-b { color: var(--side-b); display: block; }
.settle { padding-left: 1.2rem; max-width: none; }
.settle li { margin: .6rem 0; }
.settle pre { max-width: 62rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; padding: .6rem .8rem; }
.settle pre span { display: inline-block; max-width: 100%; }
.copy { position: relative; }
.tools { display: flex; flex-wrap: wrap; gap: .3rem .5rem; margin: .3rem 0 0; }
.tools button, .copy > button, .cells .bar button { font: inherit; font-size: .8rem; padding: .15rem .6rem; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: .35rem; cursor: pointer; }
.tools button:hover, .copy > button:hover { border-color: var(--quiet); }
button:disabled { opacity: .5; cursor: default; }
@media screen and (max-width: 899px) {
  .hero, .hero tbody { display: block; }
  .hero thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .hero tr { display: grid; grid-template-columns: 1fr 1fr; gap: .5rem 1rem; margin: .8rem 0; padding: .9rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
  .hero th, .hero td { display: block; padding: 0; border: 0; min-width: 0; }
  .hero tbody th { grid-column: 1 / -1; }
  .hero tr.same .set { position: static; width: auto; height: auto; clip-path: none; overflow: visible; white-space: normal; }
  .hero .set, .hero .where { display: inline; margin-right: .5rem; }
  .hero td:nth-child(2) { grid-column: 1 / -1; }
  .hero td[data-label]:not(:nth-child(2))::before { content: attr(data-label); display: block; color: var(--quiet); font-size: .76rem; line-height: 1.3; }
  .hero .plot { width: auto; overflow: hidden; }
  .hero .measure { white-space: normal; }
}
@media screen and (max-width: 480px) {
  .page { padding: 0 1rem; }
  nav ul { padding-left: 1rem; padding-right: 1rem; }
  .hero .plot, .hero td:nth-child(4) { grid-column: 1 / -1; }
}

.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 34rem)); gap: 1rem; margin: 1.5rem 0; }
.card { min-width: 0; padding: 1.2rem 1.4rem 1.3rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
.card h3 { margin: 0 0 .8rem; }
.card dl { margin: 0; }
.card dt { color: var(--quiet); font-size: .85rem; margin-top: .9rem; }
.card dd { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .5rem; margin: 0; }
.card dd small { display: block; flex-basis: 100%; line-height: 1.45; }
.big { margin-right: .6rem; font-size: 1.7rem; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
.unit { font-size: .95rem; font-weight: 400; color: var(--quiet); letter-spacing: 0; }
figure { margin: 2rem 0 3rem; min-width: 0; }
figure .picture { overflow-x: auto; }
figure svg { background: transparent !important; display: block; max-width: 100%; min-width: var(--least, 0); height: auto; }
figure svg text { font-family: var(--sans); }
figcaption { max-width: 52rem; margin-top: .6rem; color: var(--quiet); font-size: .9rem; }
.files a { white-space: nowrap; }
.scroll { overflow-x: auto; margin: 1rem 0 .4rem; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
.caption { margin: .2rem 0 0; color: var(--quiet); font-size: .9rem; }
th, td { padding: .42rem .75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 0; }
thead th { color: var(--quiet); font-weight: 500; vertical-align: bottom; border-bottom-color: var(--quiet); text-wrap: balance; }
tbody th { font-weight: 600; white-space: nowrap; }
td.n, th.n { text-align: right; }
td.n { white-space: nowrap; }
.tall { max-height: 44rem; overflow: auto; }
.tall thead th { position: sticky; top: 0; background: var(--paper); }
td.wide, th.wide { min-width: 20rem; white-space: normal; }
td.name, th.name { min-width: 13rem; }
td.line, .outcome { white-space: nowrap; }
td:has(.badge) { min-width: 12rem; }
th button { all: unset; cursor: pointer; }
th button:hover { color: var(--ink); text-decoration: underline; }
th button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
th[aria-sort="ascending"] button::after { content: " ▲"; font-size: .7em; }
th[aria-sort="descending"] button::after { content: " ▼"; font-size: .7em; }
.cells { min-height: 20rem; }
.cells .bar { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1rem; margin: 1rem 0 0; }
.cells input { font: inherit; font-size: .9rem; width: min(20rem, 100%); padding: .2rem .5rem; color: var(--ink); background: var(--paper); border: 1px solid var(--quiet); border-radius: .35rem; }
.cells .scroll { max-height: 44rem; overflow: auto; font-size: .9em; }
.cells thead th { position: sticky; top: 0; background: var(--paper); }
dl.methods { max-width: 44rem; }
dl.methods dt { margin-top: 1.1rem; font-weight: 600; }
dl.methods dd { margin: 0; }
#vg-tooltip-element { visibility: hidden; position: fixed; z-index: 10; max-width: min(26rem, calc(100vw - 1rem)); padding: .6rem .8rem; pointer-events: none; background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: .4rem; box-shadow: 0 4px 16px rgb(0 0 0 / 18%); font-size: .8rem; line-height: 1.4; }
#vg-tooltip-element.visible { visibility: visible; }
#vg-tooltip-element td { padding: .1rem 0; border: 0; }
#vg-tooltip-element td.key { padding-right: .8rem; color: var(--quiet); text-align: right; white-space: nowrap; }
figure [aria-pressed] { cursor: pointer; }
figure [aria-pressed="false"] { opacity: .35; text-decoration: line-through; }
td small, tbody th small { display: block; line-height: 1.35; }
tbody th small { min-width: 15rem; font-weight: 400; white-space: normal; }
@media screen and (max-width: 600px) {
  tbody th { white-space: normal; }
  tbody th small { min-width: 9rem; }
}
code, pre { font-family: var(--mono); font-size: .85em; }
code { overflow-wrap: anywhere; }
pre { overflow: auto; max-height: 28rem; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; font-size: .8rem; line-height: 1.45; }
td.wrap { overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--accent); }
footer { margin-top: 4rem; padding-top: 1.2rem; padding-bottom: 3rem; color: var(--quiet); font-size: .85rem; border-top: 1px solid var(--line); }
@media (prefers-color-scheme: dark) {
  :root { --ink: ${dark.ink}; --quiet: ${dark.quiet}; --line: ${dark.line}; --paper: ${dark.paper}; --card: #1b2027; --accent: #6fb7ec; ${
  cssColours(dark)
} }
}
@media screen {
  .tall { content-visibility: auto; contain-intrinsic-size: auto 44rem; }
}
@media screen and (prefers-color-scheme: dark) {
${darkFigures}
}
@page wide { size: landscape; }
@media print {
  :root { color-scheme: light; --ink: #000; --quiet: #444; --line: #ccc; --paper: #fff; --card: #fff; --accent: #000; ${
  cssColours(light)
} }
  body { font-size: 10pt; }
  .page { max-width: none; padding: 0; }
  header.top { padding-top: 0; }
  nav, .cells, .tools, .copy > button { display: none; }
  h2 { break-after: avoid; margin-top: 2rem; }
  figure, .card, tr { break-inside: avoid; }
  figure svg { min-width: 0; }
  table { font-size: 7.5pt; line-height: 1.25; }
  th, td { padding: .15rem .5em .15rem 0; }
  th, td, td.n, td.line, td:has(.badge), thead th, tbody th { white-space: normal; }
  td.wide, td.wrap, td small, td.name { overflow-wrap: anywhere; }
  td.wide, th.wide { min-width: 10em; }
  .tall .wide { display: none; }
  .hero th, .hero td, .hero td small { font-size: 8pt; }
  .hero .measure { font-size: 8pt; white-space: normal; }
  .hero .chip { font-size: 8pt; padding: .1rem .3rem; }
  td.name, th.name, tbody th small { min-width: 0; }
  td small { font-size: 6.5pt; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  /* Long tables are wide ones too. */
  .tall table { font-size: 7pt; }
  .tall th, .tall td { padding-right: .3em; }
  .tall { page: wide; }
  .scroll, .tall, figure .picture, pre { overflow: visible; max-height: none; }
}
`;
