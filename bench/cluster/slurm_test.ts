import { deepStrictEqual as equal, ok } from "node:assert";
import { describeEnding, isLive } from "./scheduler.ts";
import { parseSacct, parseSbatch, parseSqueue, sbatchArguments } from "./slurm.ts";

const REQUEST = {
  name: "bridgebench-1-train",
  script: "",
  tasks: 4,
  atOnce: undefined,
  after: ["3", "5"],
  log: "/out/log-%a",
  workers: 2,
  options: {},
};

Deno.test("what squeue of Slurm 22.05 prints is read", () => {
  // Printed by squeue --noheader --array --states=all --format='%F|%K|%T|%j|%r' for an array of three and a single job.
  const text =
    "7|0|RUNNING|a-tune|None\n7|1|TIMEOUT|a-tune|TimeLimit\n7|2|PENDING|a-tune|Resources\n9|N/A|PENDING|a-report|Dependency\n";
  equal(parseSqueue(text), [
    { job: "7", task: 0, name: "a-tune", state: "RUNNING", reason: "None" },
    { job: "7", task: 1, name: "a-tune", state: "TIMEOUT", reason: "TimeLimit" },
    { job: "7", task: 2, name: "a-tune", state: "PENDING", reason: "Resources" },
    { job: "9", task: null, name: "a-report", state: "PENDING", reason: "Dependency" },
  ]);
  equal(parseSqueue(""), []);
  // A site's greetings are no jobs.
  equal(parseSqueue("*** 2026 | Welcome ***\n| a | b | c | d | e |\n" + text + "12|users|are|here|now\n").length, 4);
});

Deno.test("the id of a job is found in what sbatch prints, whatever a site prints around it", () => {
  for (
    const [text, id] of [
      ["12\n", "12"],
      ["12;cluster\n", "12"],
      ["Welcome!\n  12 users\n\n12\nBye 13\n", "12"],
      ["Submitted batch job 12", "12"],
      ["Submitted batch job 12 on cluster a", "12"],
      ["2026\n12\n", undefined],
      ["Welcome", undefined],
      ["", undefined],
    ] as const
  ) equal(parseSbatch(text), id, text);
});

Deno.test("what sacct prints is read, ranges of tasks that have not begun too", () => {
  equal(
    parseSacct("Welcome | 2026\n7_0|COMPLETED|a\n7_[2-3,6%4]|CANCELLED by 1000|a\n9|TIMEOUT|b\n").map((
      { job, task, state },
    ) => [job, task, state]),
    [
      ["7", 0, "COMPLETED"],
      ["7", 2, "CANCELLED"],
      ["7", 3, "CANCELLED"],
      ["7", 6, "CANCELLED"],
      ["9", null, "TIMEOUT"],
    ],
  );
});

Deno.test("a job asks for its workers' cores and to be queued again when its node fails, unless options say otherwise", () => {
  const args = sbatchArguments(REQUEST);
  ok(sbatchArguments({ ...REQUEST, atOnce: 2 }).includes("--array=0-3%2"));
  for (
    const arg of ["--array=0-3", "--dependency=afterany:3,afterany:5", "--cpus-per-task=2", "--requeue", "--ntasks=1"]
  ) {
    ok(args.includes(arg), arg);
  }
  const other = sbatchArguments({
    ...REQUEST,
    tasks: undefined,
    after: [],
    options: { "cpus-per-task": "8", "no-requeue": "", partition: "long" },
  });
  ok(!other.some((arg) => /^--(array|dependency|requeue)/.test(arg)), other.join(" "));
  for (const arg of ["--cpus-per-task=8", "--no-requeue", "--partition=long"]) ok(other.includes(arg), arg);
});

Deno.test("a state that is not known to be an end counts as one that may still compute", () => {
  const live = ["PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "REQUEUED", "SUSPENDED", "A_STATE_TO_COME"];
  const ended = ["COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "NODE_FAIL", "OUT_OF_MEMORY"];
  for (const state of live) ok(isLive({ state }), state);
  for (const state of ended) ok(!isLive({ state }), state);
  equal(describeEnding({ state: "TIMEOUT", reason: "TimeLimit" }), "it reached its time limit (TIMEOUT)");
  equal(describeEnding({ state: "FAILED", reason: "NonZeroExitCode" }), "it ended early (FAILED, NonZeroExitCode)");
});
