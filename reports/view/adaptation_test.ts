import { deepStrictEqual as equal, strictEqual } from "node:assert/strict";
import { ADAPTERS } from "../testing/synthetic.ts";
import { adaptationAxis, adaptedText } from "./adaptation.ts";

const rows = [
  { adapter: "prototypes", innerSteps: null },
  { adapter: "gradient", innerSteps: 10 },
  { adapter: "logistic", innerSteps: null },
  { adapter: "gradient", innerSteps: 1 },
];

Deno.test("an axis has inner steps in their order and then every adapter without steps by its own name", () => {
  const axis = adaptationAxis({ adapters: ADAPTERS }, rows);
  equal(axis.labels, ["1", "10", "logistic head", "prototypes"]);
  equal([axis.counted, axis.others], [["1", "10"], ["logistic head", "prototypes"]]);
  equal(rows.map(axis.labelOf), ["prototypes", "10", "logistic head", "1"]);
  equal(axis.labels.map(axis.headingOf), ["1 step", "10 steps", "logistic head", "prototypes"]);
});

Deno.test("where several adapters take steps, every label says whose", () => {
  const proximal = {
    name: "proximal",
    title: "proximal steps",
    short: "proximal",
    readsInnerSteps: true,
    strength: "",
  };
  const input = { adapters: [...ADAPTERS, proximal] };
  const axis = adaptationAxis(input, [...rows, { adapter: "proximal", innerSteps: 1 }]);
  equal(axis.labels, ["1 gradient", "10 gradient", "1 proximal", "logistic head", "prototypes"]);
  equal(axis.labels.slice(0, 3).map(axis.headingOf), ["1 gradient step", "10 gradient steps", "1 proximal step"]);
  strictEqual(adaptedText(input, { adapter: "proximal", innerSteps: 5 }), "5 proximal steps");
  strictEqual(adaptedText({ adapters: ADAPTERS }, { adapter: "gradient", innerSteps: 5 }), "5 steps");
});

Deno.test("an adapter without a description is called by its name", () => {
  const axis = adaptationAxis({ adapters: [] }, [{ adapter: "nearest-mean", innerSteps: null }, ...rows]);
  equal(axis.others, ["logistic", "nearest mean", "prototypes"]);
});
