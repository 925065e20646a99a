import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { dashesAt } from "../paper/theme.ts";
import { SERIES } from "./palette.ts";
import { stylesOf } from "./series.ts";

const MANY = 40;
const names = Array.from({ length: MANY }, (_, i) => `algorithm-${i}`);
const series = { algorithms: names.map((name, rank) => ({ name, rank })) };

const channels = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

Deno.test("however many algorithms there are, each has a colour, a shape beside its neighbours, and dashes of its own", () => {
  const styles = stylesOf(series, names);
  equal(styles.slice(0, SERIES.length).map(({ colour, shape }) => ({ colour, shape })), SERIES);
  equal(new Set(styles.map(({ colour, shape }) => `${colour} ${shape}`)).size, MANY);
  equal(new Set(styles.map(({ colour }) => colour)).size, MANY);
  for (const [i, { colour, shape }] of styles.entries()) {
    ok(/^#[0-9a-f]{6}$/.test(colour), colour);
    if (i > 0) ok(shape !== styles[i - 1].shape, `${i}`);
    // Where two colours are alike, their shapes are not.
    for (const other of styles.slice(0, i).filter((style) => style.shape === shape)) {
      const distance = Math.hypot(...channels(colour).map((value, at) => value - channels(other.colour)[at]));
      ok(distance > 30, `${i}: ${colour} and ${other.colour}`);
    }
  }
  equal(new Set(names.map((_, i) => dashesAt(i).join())).size, MANY);
});

Deno.test("an algorithm that a report does not describe gets no style that another one has", () => {
  const some = { algorithms: [{ name: "a", rank: 0 }, { name: "b", rank: 3 }] };
  const styles = stylesOf(some, ["a", "b", "x", "y"]);
  equal(new Set(styles.map(({ colour }) => colour)).size, 4);
});
