import { deepStrictEqual as equal, ok, throws } from "node:assert";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { UsageError } from "../../common/errors.ts";
import { withFolder } from "../testing/cli.ts";
import {
  claimSubmission,
  isBeingMade,
  isSubmitted,
  keepJobs,
  logPath,
  logPattern,
  PATIENCE_MS,
  readSubmissions,
  readTask,
  stopSubmission,
  type SubmissionPlan,
  writeTask,
} from "./submissions.ts";
import { Subprocess } from "../../common/subprocess.ts";

const PLAN: SubmissionPlan = {
  store: "/s",
  dataDir: "/d",
  backend: { name: "wasm", reason: "" },
  workers: 1,
  flags: [],
  sweepDigest: "abc",
  data: {},
  code: {},
  stages: [{ stage: "train", tasks: [[0, 2], [1]] }, { stage: "report", tasks: [[]] }],
};

Deno.test("of those who make a submission at once, one owns it and the others are told to look again", () =>
  withFolder(async (folder) => {
    equal(readSubmissions(folder), []);
    const script = join(folder, "claim.ts");
    Deno.writeTextFileSync(
      script,
      `import { claimSubmission } from ${JSON.stringify(import.meta.resolve("./submissions.ts"))};
       const [out, until, plan] = Deno.args;
       while (Date.now() < Number(until));
       console.log(claimSubmission(out, [], JSON.parse(plan))?.token ?? "lost");`,
    );
    const until = `${Date.now() + 1500}`;
    const claims = await Promise.all(Array.from({ length: 6 }, async () => {
      const { stdout } = await Subprocess.deno({
        args: ["run", "-q", "-A", "--config", join(PROJECT_ROOT, "deno.json"), script]
          .concat([folder, until, JSON.stringify(PLAN)]),
        stderr: "inherit",
      }).output();
      return new TextDecoder().decode(stdout).trim();
    }));
    equal(claims.filter((claim) => claim === "lost").length, 5, claims.join());
    const [owned, ...more] = readSubmissions(folder);
    equal([owned.token, owned.number, more.length], [claims.find((claim) => claim !== "lost"), 1, 0]);
    equal([...Deno.readDirSync(join(folder, "slurm"))].map(({ name }) => name), ["1"]);
    equal(claimSubmission(folder, [1], PLAN)?.number, 2);
  }));

Deno.test("a submission remembers its jobs, its tasks and that it was stopped", () =>
  withFolder((folder) => {
    const made = claimSubmission(folder, [], PLAN);
    ok(made !== undefined);
    equal([isSubmitted(made), made.stopped, made.stages[0].tasks], [false, undefined, [[0, 2], [1]]]);
    ok(/^bridgebench-\w{8}-train$/.test(made.stages[0].name));
    keepJobs(made, [{ stage: "train", job: "12" }]);
    ok(!isSubmitted(readSubmissions(folder)[0]));
    keepJobs(made, [{ stage: "train", job: "12" }, { stage: "report", job: "13" }]);
    ok(isSubmitted(readSubmissions(folder)[0]));
    const task = { job: "12_1", host: "h", started: "s", ended: null, status: null, signal: "", problem: "" };
    writeTask(made, "train", 1, task);
    equal([readTask(made, "train", 0), readTask(made, "train", 1)], [undefined, task]);
    stopSubmission(made, "cancelled");
    equal(readSubmissions(folder)[0].stopped, "cancelled");
    const odd = { ...made, folder: "/a%b" };
    equal(logPath(odd, "report", 0), "/a%b/logs/report-0.log");
    equal(logPattern(odd, "train"), "/a%%b/logs/train-%a.log");
    equal(logPattern(odd, "report"), "/a%%b/logs/report-0.log");
    return Promise.resolve();
  }));

Deno.test("a submission without jobs is being made for a while, and not for ever", () =>
  withFolder((folder) => {
    const made = claimSubmission(folder, [], PLAN);
    ok(made !== undefined && isBeingMade(made));
    ok(!isBeingMade(made, Date.now() + PATIENCE_MS + 1000));
    return Promise.resolve();
  }));

Deno.test("a damaged submission is named, not passed over", () =>
  withFolder((folder) => {
    claimSubmission(folder, [], PLAN);
    const path = join(folder, "slurm", "1", "submission.json");
    for (const text of ["{", "{}"]) {
      Deno.writeTextFileSync(path, text);
      throws(() => readSubmissions(folder), (error) => error instanceof UsageError && error.message.includes(path));
    }
    return Promise.resolve();
  }));
