import { deepStrictEqual as equal, match, throws } from "node:assert/strict";
import { resolve } from "node:path";
import { UsageError } from "../../common/errors.ts";
import { type Choices, helpText, MEMORY_WORKLOADS, parseOptions } from "./options.ts";

const CHOICES: Choices = {
  workloads: ["sinusoid-maml-s1", "sinusoid-mtl", "conv4-maml-s5", "sinusoid-protonet", "conv4-protonet"],
  groups: {
    core: ["sinusoid-maml-s1", "sinusoid-mtl", "conv4-maml-s5"],
    methods: ["sinusoid-protonet", "conv4-protonet"],
  },
  unmeasured: [],
  backends: ["wasm", "tensorflow", "cpu"],
  cores: 4,
};

const parsed = (...argv: string[]) => parseOptions(argv, CHOICES);

Deno.test("without flags, this project alone runs the first group of workloads on one core and fills the machine", () => {
  equal(parsed(), {
    help: false,
    workloads: CHOICES.groups.core,
    backends: undefined,
    systems: ["ours"],
    cores: [1],
    processes: 4,
    seconds: 2,
    json: undefined,
    python: undefined,
    memory: false,
  });
});

Deno.test("every flag arrives, in the tables' order", () => {
  const { workloads, backends, systems, cores, processes, seconds, json, python } = parsed(
    ...["--workloads", "sinusoid-mtl,sinusoid-maml-s1", "--backend=cpu,wasm", "--systems", "jax,ours"],
    ...["--cores", "1-2,4", "--processes", "3", "--seconds", "0.5", "--json", "out.json", "--peers", "/opt/python"],
  );
  equal(workloads, ["sinusoid-maml-s1", "sinusoid-mtl"]);
  equal([backends, systems, cores], [["wasm", "cpu"], ["ours", "jax"], [1, 2, 4]]);
  equal([processes, seconds, json, python], [3, 0.5, resolve("out.json"), "/opt/python"]);
});

Deno.test("workloads are chosen by groups, patterns and names together, in the table's order", () => {
  const [, mtl, maml, sinusoid, conv4] = CHOICES.workloads;
  equal(parsed("--workloads", "methods").workloads, [sinusoid, conv4]);
  equal(parsed("--workloads", "conv4-*,sinusoid-mtl").workloads, [mtl, maml, conv4]);
  equal(parsed("--workloads", "methods,core").workloads, CHOICES.workloads);
  equal(parsed("--workloads", "*-protonet").workloads, [sinusoid, conv4]);
});

Deno.test("--peers alone means python3 and every system, at the end or before another flag", () => {
  for (const argv of [["--peers"], ["--peers", "--cores", "1"]]) {
    const { python, systems } = parsed(...argv);
    equal([python, systems], ["python3", ["ours", "torch-loop", "torch-func", "torch-compile", "jax"]]);
  }
});

Deno.test("--memory chooses its workloads unless told", () => {
  equal(parsed("--memory").workloads, MEMORY_WORKLOADS);
  equal(parsed("--memory", "--workloads", "sinusoid-mtl").workloads, ["sinusoid-mtl"]);
});

Deno.test("what cannot be done is said in one line", () => {
  const wrong: readonly (readonly [argv: string, message: RegExp])[] = [
    ["--workload x", /Unknown argument "--workload"\. Did you mean "--workloads"\?/],
    ["extra", /Unknown argument "extra"/],
    ["--workloads sinusoid-mlt", /Unknown workload "sinusoid-mlt"\. Did you mean "sinusoid-mtl"\?/],
    ["--workloads resnet-*", /Unknown workload "resnet-\*".* Known: core, methods, sinusoid-maml-s1/],
    ["--workloads conv4-.*-s5", /Unknown workload "conv4-\.\*-s5"/],
    ["--backend gpu", /--backend: Unknown backend "gpu"/],
    ["--systems jax", /--systems jax is a peer: say with --peers/],
    ["--cores 0", /0 is below the least value, 1/],
    ["--cores 5", /this machine has 4 cores, not 5/],
    ["--processes 1-2", /--processes takes one number, got 2/],
    ["--seconds 0", /--seconds "0": expected a number of seconds above 0/],
    ["--seconds soon", /--seconds "soon"/],
    ["--json", /--json needs a value/],
    ["--json a --json b", /--json is given 2 times/],
    ["--memory=yes", /--memory takes no value, got "yes"/],
  ];
  for (const [argv, message] of wrong) {
    throws(() => parsed(...argv.split(" ")), (error) => {
      match((error as Error).message, message);
      return error instanceof UsageError && !error.message.includes("\n");
    }, argv);
  }
});

Deno.test("the help names every flag and workload", () => {
  const text = helpText(CHOICES);
  for (const flag of ["workloads", "backend", "cores", "processes", "seconds", "peers", "systems", "memory", "json"]) {
    match(text, new RegExp(`--${flag}\\b`));
  }
  for (const name of CHOICES.workloads) match(text, new RegExp(name));
  equal(text.includes("without a workload"), false);
  match(helpText({ ...CHOICES, unmeasured: ["reptile", "boil"] }), /\nAlgorithms without a workload: reptile, boil\n/);
});
