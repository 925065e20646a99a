import { deepStrictEqual as equal, ok } from "node:assert";
import { Progress, type Screen } from "./progress.ts";
import type { TrainingUnit } from "../store/types.ts";

const WORK = new Map([["a", { trainS: 8, evaluateS: 2 }], ["b", { trainS: 10, evaluateS: 0 }]]);
const unit = (id: string) => ({ id }) as TrainingUnit;

function watched(terminal: boolean) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const screen: Screen = { terminal, columns: () => 60, write: (text) => void written.push(text) };
  return { written, clock, progress: new Progress(screen, WORK, () => clock.ms) };
}

const step = (unit: string, phase: "train" | "evaluate", iteration: number) =>
  ({ type: "progress", unit, phase, iteration, iterations: 10, loss: 0.5 }) as const;

Deno.test("progress counts work in estimated seconds and ends at 1", () => {
  const { progress } = watched(false);
  progress.progress(step("a", "train", 5));
  ok(Math.abs(progress.fraction() - 4 / 20) < 1e-3);
  progress.progress(step("a", "evaluate", 5));
  ok(Math.abs(progress.fraction() - 9 / 20) < 1e-3);
  progress.unit(unit("a"), false);
  progress.unit(unit("b"), true);
  equal(progress.fraction(), 1);
  ok(/^2\/2 units, 1 failed, 100 %/.test(progress.line()), progress.line());
});

Deno.test("the time left follows from what has passed", () => {
  const { progress, clock } = watched(false);
  clock.ms = 10_000;
  progress.unit(unit("a"), false);
  ok(progress.line().includes("10 s left"), progress.line());
});

Deno.test("in a pipe there is a line every ten seconds at most, and one at the end", () => {
  const { progress, clock, written } = watched(false);
  for (clock.ms = 0; clock.ms < 25_000; clock.ms += 100) progress.progress(step("a", "train", 5));
  equal(written.length, 2);
  progress.unit(unit("a"), false);
  progress.unit(unit("b"), false);
  progress.end();
  equal(written.length, 3);
  ok(written.every((line) => line.endsWith("\n") && !line.includes("\x1b")));
});

Deno.test("on a terminal the line is drawn over itself, no wider than the terminal, and wiped at the end", () => {
  const { progress, clock, written } = watched(true);
  for (clock.ms = 0; clock.ms < 1000; clock.ms += 10) progress.progress(step("a", "train", 5));
  equal(written.length, 10);
  ok(
    written.every((text) =>
      text.startsWith("\r\x1b[K") && text.length < 60 + "\r\x1b[K".length && !text.includes("\n")
    ),
  );
  progress.end();
  equal(written.at(-1), "\r\x1b[K");
});
