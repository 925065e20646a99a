import { deepStrictEqual as equal, match, throws } from "node:assert/strict";
import { catalogOf } from "../run/catalog.ts";
import { planSweep } from "../plan/plan.ts";
import { validateSweep } from "../plan/validate.ts";
import { PUBLISHED_KEY } from "../../reports/claims/published.ts";
import { PLAIN_ADDRESSES } from "../testing/plan.ts";
import { parseSweep } from "./read.ts";
import { reproduce } from "./reproduce.ts";
import { publishedOf } from "./sourced.ts";

const parsed = (change: (value: Record<string, unknown>) => void = () => {}) => {
  const value = JSON.parse(JSON.stringify(reproduce));
  change(value);
  return parseSweep(value, "reproduce");
};

Deno.test("every published number is about one setting that the sweep computes, at every seed", () => {
  const sweep = parsed();
  const { cells } = planSweep(sweep, catalogOf(sweep), PLAIN_ADDRESSES);
  const published = publishedOf(sweep);
  equal(published.length, reproduce.published.length);
  for (const number of published) {
    const own = cells.filter((cell) =>
      PUBLISHED_KEY.every((field) => number[field] === undefined || cell[field] === number[field])
    );
    equal(own.map(({ seed }) => seed).sort(), [...sweep.seeds], `${number.method}, ${number.dataset}, ${number.shots}`);
  }
});

Deno.test("a published number of an algorithm or data set that nobody knows is refused with what is known", () => {
  const refusal = (change: Record<string, unknown>) => {
    const sweep = parsed((value) => Object.assign((value.published as object[])[0], change));
    throws(() => validateSweep(sweep, catalogOf(sweep)), (error: Error) => {
      match(error.message, /^Published number of "MAML": unknown /);
      return true;
    });
  };
  refusal({ algorithm: "mamI" });
  refusal({ dataset: "sinusoids" });
  refusal({ adapter: "gradiant" });
});

Deno.test("a title of its own is for a variant of another data set", () => {
  const titles = Object.fromEntries(
    Object.entries(catalogOf(parsed()).dataSets).map(([name, { title }]) => [name, title]),
  );
  equal(titles["sinusoid-contexts"], "Sinusoids, contexts");
  throws(
    () => parsed((value) => Object.assign((value.datasets as object[])[0], { title: "Waves" })),
    /^UsageError: The data set "sinusoid" cannot have a title of its own, "Waves"/,
  );
});
