import { deepStrictEqual as equal, throws } from "node:assert";
import { UsageError } from "../../common/errors.ts";
import { clusterOptions, limitSeconds } from "./options.ts";

function refused(use: () => void, message: RegExp): void {
  throws(use, (error) => error instanceof UsageError && message.test(error.message) && !error.message.includes("\n"));
}

Deno.test("options come from a file and from flags, and flags win", () => {
  const file = JSON.stringify({
    sbatch: { partition: "gpu", time: 90, exclusive: true, requeue: false, "gpus": "a100:1" },
    setup: ["module load deno"],
    taskMinutes: 10,
    maxTasks: 50,
  });
  equal(clusterOptions(file, "f", ["partition=long", "--exclude=n1,n2", "overcommit"], undefined), {
    sbatch: { partition: "long", time: "90", exclusive: "", gpus: "a100:1", exclude: "n1,n2", overcommit: "" },
    setup: ["module load deno"],
    taskMinutes: 10,
    maxTasks: 50,
    tasksAtOnce: undefined,
  });
  const flags = { sbatch: {}, setup: [], taskMinutes: 5, maxTasks: 1000, tasksAtOnce: undefined };
  equal(clusterOptions(undefined, "", [], 5), flags);
  equal(clusterOptions('{"tasksAtOnce":4}', "f", [], 5), { ...flags, tasksAtOnce: 4 });
});

Deno.test("memory, devices and time limits may be written in every way that Slurm takes", () => {
  for (
    const given of [
      ...["mem=4G", "mem=4GB", "mem=4gb", "mem=4096", "mem=0", "mem-per-cpu=512MB", "mem-per-gpu=8G", "gpus=2"],
      ...["gpus=a100:1", "gpus=a100:1,v100:2", "gpus-per-node=a100:1", "gpus-per-task=1", "gres=gpu:a100:1"],
      ...["time=90", "time=1:30:00", "time=1-12", "time=UNLIMITED", "time=-1", "time=0"],
    ]
  ) {
    const [option, value] = given.split("=");
    equal(clusterOptions(undefined, "", [given], undefined).sbatch, { [option]: value });
  }
  for (const given of ["mem=4GiB", "mem=1.5G", "mem=4P", "gpus=a100:", "gpus=,"]) {
    refused(() => clusterOptions(undefined, "", [given], undefined), /write for example/);
  }
});

Deno.test("options that are wrong, or the command's own, are refused with the way out", () => {
  for (
    const [given, message] of [
      ["time=tomorrow", /--sbatch "time=tomorrow": "tomorrow" is no time of sbatch; write for example 90/],
      ["mem=much", /no mem of sbatch; write for example 4G/],
      ["gpus=all", /no gpus of sbatch/],
      ["partition=a b", /no partition of sbatch/],
      ["cpus-per-task=0", /no cpus-per-task/],
      ["array=0-3", /sbatch's array cannot be chosen: the plan decides/],
      ["output=x", /logs are in the run's folder/],
      ["nodes=2", /a task runs on one node/],
      ["Time=3", /"Time" is no long option of sbatch/],
      ["account=", /account has no value/],
      ["comment=a\nb", /one line of text/],
      ["=3", /"" is no long option/],
    ] as const
  ) refused(() => clusterOptions(undefined, "", [given], undefined), message);
  refused(() => clusterOptions("{", "my.json", [], undefined), /^my\.json is not JSON/);
  refused(
    () => clusterOptions('{"sbach":{}}', "my.json", [], undefined),
    /Unknown key "sbach"\. Did you mean "sbatch"\?/,
  );
  refused(() => clusterOptions('{"sbatch":{"time":"x"}}', "my.json", [], undefined), /^my\.json: sbatch\.time: "x"/);
  refused(() => clusterOptions('{"taskMinutes":0}', "my.json", [], undefined), /^my\.json: taskMinutes: /);
});

Deno.test("a time limit is read as sbatch reads it", () => {
  const cases: readonly (readonly [string | undefined, number | undefined])[] = [
    ["90", 5400],
    ["1:30", 90],
    ["2:00:05", 7205],
    ["1-12", 129_600],
    ["1-0:30", 88_200],
    ["2-1:02:03", 176_523],
    ["UNLIMITED", undefined],
    ["0", undefined],
    ["0:00:00", undefined],
    ["-1", undefined],
    [undefined, undefined],
  ];
  for (const [text, seconds] of cases) equal(limitSeconds(text), seconds, `${text}`);
});
