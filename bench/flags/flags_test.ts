import { deepStrictEqual as equal, ok, throws } from "node:assert";
import fc from "fast-check";
import { UsageError } from "../../common/errors.ts";
import { type FlagChoices, flagTable, helpText } from "./flag_table.ts";
import { parseFlags } from "./flags.ts";
import { parseIntegers } from "./numbers.ts";

const CHOICES: FlagChoices = {
  profiles: ["smoke", "quick", "paper"],
  backends: ["wasm", "cpu"],
  executors: ["local", "slurm"],
  cores: 2,
};
const parse = (...argv: string[]) => parseFlags(argv, CHOICES);

Deno.test("without flags the quick profile runs on all cores with everything else as the sweep has it", () => {
  const flags = parse();
  equal([flags.profile, flags.backend, flags.workers, flags.dryRun], ["quick", "auto", 2, false]);
  ok(Object.values(flags.overrides).every((value) => value === undefined));
});

Deno.test("a run is named by its folder's place or by --out, which may say the same", () => {
  const { out } = parse("--out", "runs/a");
  equal(parse("./runs/a").out, out);
  equal(parse("--dry-run", "runs/a/", "--out=./runs/a").out, out);
  equal(parse("--seeds", "0,0,0-1").overrides.seeds, [0, 1]);
});

Deno.test("lists and ranges arrive as ascending numbers, in both spellings of a flag and when repeated", () => {
  const { overrides } = parse("--shots", "5,1", "--seeds=0-2,7", "--inner-steps", "1", "--inner-steps", "10,0");
  equal([overrides.shots, overrides.seeds, overrides.innerSteps], [[1, 5], [0, 1, 2, 7], [0, 1, 10]]);
  equal(parse("--adapt-depths", "native,0-1").overrides.adaptDepths, ["native", 0, 1]);
  equal(parse("--task-starts", "random,mean").overrides.taskStarts, ["random", "mean"]);
});

Deno.test("any set of numbers survives being written as a list", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.nat(5000), { minLength: 1, maxLength: 50 }), (numbers) => {
    equal(parseIntegers("--seeds", numbers.join(","), 0), [...numbers].sort((a, b) => a - b));
  }));
});

Deno.test("any range is the numbers from its first to its last", () => {
  fc.assert(fc.property(fc.nat(500), fc.nat(100), (first, more) => {
    equal(
      parseIntegers("--seeds", `${first}-${first + more}`, 0),
      Array.from({ length: more + 1 }, (_, index) => first + index),
    );
    if (more > 0) throws(() => parseIntegers("--seeds", `${first + more}-${first}`, 0), /runs backwards/);
  }));
});

Deno.test("whatever is typed, parsing succeeds or explains itself in one line", () => {
  const word = fc.oneof(
    fc.constantFrom("--shots", "--seeds=0-4", "--profile", "quick", "--dry-run", "1,5", "--", "-x", "--no-quiet", "="),
    fc.string(),
  );
  fc.assert(fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
    try {
      parseFlags(argv, CHOICES);
    } catch (error) {
      ok(error instanceof UsageError, `${error}`);
      ok(argv.some((arg) => arg.includes("\n")) || !error.message.includes("\n"));
    }
  }));
});

const WRONG: readonly (readonly [argv: string, message: RegExp])[] = [
  ["--algorithms -mtl,-maml-plus-plus", /"-mtl,-maml-plus-plus" is no flag; .* write it with "=", as in --NAME=-mtl/],
  ["--shot 1", /Unknown flag "--shot"\. Did you mean "--shots"\?/],
  ["--frobnicate", /Unknown flag "--frobnicate"/],
  ["sinusoid", /Unexpected argument "sinusoid": the run's folder is written with a slash, as in \.\/sinusoid,/],
  ["./a ./b", /2 folders are named, but deno task bench takes one DIR/],
  ["./a --out b", /DIR .*a and --out .*b differ: both say where the run is; name it once/],
  ["--profile qick", /Unknown profile "qick"\. Did you mean "quick"\?/],
  ["--backend wsam", /Unknown backend "wsam"\. Did you mean "wasm"\?/],
  ["--shots 0", /--shots "0": 0 is below the least value, 1/],
  ["--shots 1,x", /"x" is not a whole number/],
  ["--shots 1,,5", /without empty parts/],
  ["--shots 1.5", /"1.5" is not a whole number/],
  ["--seeds 4-1", /range 4-1 runs backwards; write 1-4/],
  ["--seeds 0-99999999", /more than 10000 values/],
  ["--shots", /--shots needs a value/],
  ["--workers 0", /--workers "0": 0 is below/],
  ["--workers 1-3", /takes one number/],
  ["--shard 9/8", /--shard "9\/8": shares are numbered 1 to 8/],
  ["--shard two", /expected a share of a number of shares, such as 2\/8/],
  ["--shard 1/2 --stage report", /a share has no report, deno task merge writes it/],
  ["--shard 1/2 --fresh", /--fresh and --shard exclude each other/],
  ["--stage train --fresh", /--fresh and --stage exclude each other/],
  ["--stage tun", /Unknown stage "tun"\. Did you mean "tune"\?/],
  ["--executor slrum", /Unknown executor "slrum"\. Did you mean "slurm"\?/],
  ["--sbatch partition=gpu", /--sbatch is for a cluster: add --executor slurm/],
  ["--wait", /--wait is for a cluster/],
  ["--executor slurm --task-minutes 0", /0 is below the least value, 1/],
  ["--executor slurm --shard 1/2", /leave --shard and --stage out/],
  ["--norms batches", /Unknown normalisation "batches"\. Did you mean "batch"\?/],
  ["--adapt-depths nativ", /"nativ" is not a whole number/],
  ["--out a --out b", /--out is given 2 times/],
  ["--profile quick --sweep x.json", /exclude each other/],
  ["--dry-run=yes", /--dry-run takes no value/],
];

Deno.test("every wrong flag or value is named, with what would be right", () => {
  for (const [argv, message] of WRONG) {
    throws(
      () => parse(...argv.split(" ")),
      (error) => error instanceof UsageError && message.test(error.message),
      argv,
    );
  }
});

Deno.test("--help documents every flag with its default", () => {
  const help = helpText(CHOICES);
  for (const { name, default: normal } of flagTable(CHOICES)) {
    ok(help.includes(`--${name}`) && help.includes(`(default: ${normal})`));
  }
});

Deno.test("--budget takes a time with its unit, --until one of two words that go with the seeds", () => {
  const seconds = (text: string) => parseFlags(["--budget", text], CHOICES).budgetS;
  equal([seconds("90s"), seconds("5m"), seconds("1.5h")], [90, 300, 5400]);
  throws(() => seconds("5"), /--budget "5": expected a time such as 90s, 5m or 2h/);
  equal(parseFlags(["--until", "decided"], CHOICES).until, "decided");
  equal(parseFlags([], CHOICES).until, undefined);
  throws(() => parseFlags(["--until", "dicided"], CHOICES), /--until: Unknown end "dicided"\. Did you mean "decided"/);
  throws(() => parseFlags(["--until", "decided,round"], CHOICES), /--until takes one of decided, round, got 2/);
  throws(() => parseFlags(["--until", "decided", "--seeds", "0-4"], CHOICES), /exclude each other/);
});
