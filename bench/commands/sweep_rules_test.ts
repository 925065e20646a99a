import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { sweeps } from "../sweeps/registry.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";

// deno-lint-ignore no-explicit-any -- a sweep before anything has looked at its shape
type Loose = any;

const REFUSED: readonly (readonly [change: (sweep: Loose) => void, message: RegExp])[] = [
  [(s) => s.seeds = [0, 0, 0], /The seeds name 0 twice; name it once/],
  [(s) => s.seeds = [0, -0], /seeds\[1\]: expected 0, got -0/],
  [(s) => s.seeds = [-0], /seeds\[0\]: expected 0, got -0/],
  [(s) => s.datasets[0].shots = [5, 5], /shots of "sinusoid" name 5 twice/],
  [(s) => s.datasets[0].depthsOf = { mtl: [1, 1] }, /depthsOf\.mtl of "sinusoid" name 1 twice/],
  [
    (s) => s.datasets[0].margin = 1e308,
    /margin 1e\+308 on "sinusoid": it is a ratio of MSEs, 0\.001 to 1000 and not 1/,
  ],
  [(s) => s.datasets[0].margin = 1e-300, /margin 1e-300/],
  [(s) => s.datasets[0].margin = 1, /margin 1 on "sinusoid"/],
  [(s) => {
    s.algorithms = ["reptile"];
    s.datasets[0].tuning = null;
    s.datasets[0].hyper.innerLr = 0;
  }, /Cannot train reptile on "sinusoid" with innerLr 0/],
  [(s) => s.predictions[0].statement = "\u001b[2J", /predictions\[0\]\.statement: expected text without control/],
  [(s) => s.predictions[0].source = "\u202egpj.exe", /predictions\[0\]\.source: expected text without control/],
  [(s) => s.comparisons[0].question = "x".repeat(200_000), /comparisons\[0\]\.question: has 200000 letters/],
  [(s) => s.families[0].words = "a\u2028b", /families\[0\]\.words: expected text without control characters/],
  [
    (s) => s.datasets[0].validation.points = 1e9,
    /a validation curve would take about .* GiB .*lower validation\.points/,
  ],
  [(s) => s.datasets[0].validation.episodes = 1e9, /the validation episodes would take .* lower validation\.episodes/],
  [(s) => {
    s.datasets[0].hyper.pool = 1e9;
    s.datasets[0].trainingTasks = ["fresh"];
  }, /what mtl keeps for each of 1000000000 training tasks would take .* lower pool or trainingTasks/],
  [(s) => s.datasets[0].trainingTasks = [1e9], /keeps for each of 1000000000 training tasks/],
  [(s) => s.datasets[0].hidden = [65_536, 65_536], /the network would take about 64 GiB .* lower hidden/],
  [(s) => {
    s.datasets[0].validation.points = 9;
    s.datasets[0].hyper.untilFlat = { tolerance: 0.05 };
  }, /Cannot train \w+ until it is flat on "sinusoid": .* give it a validation of 10 points or more/],
  [(s) => {
    s.datasets[0].validation.points = 10;
    s.datasets[0].hyper.untilFlat = { tolerance: 0.05 };
    s.datasets[0].hyper.schedule = { name: "cosine" };
  }, /until it is flat on "sinusoid": the schedule "cosine" goes by the number of iterations/],
  [
    (s) => s.datasets[0].algorithms = ["boil"],
    /The data set "sinusoid" has the algorithm "boil", and the sweep has not: .*; name it there too/,
  ],
  [(s) => s.datasets[0].episodes = 1e9, /the scores of all test episodes would take .* lower episodes or seeds/],
  [(s) => s.datasets[0].shots = [1e9], /a test episode would take .* lower shots/],
  [(s) => s.datasets[0].hyper.metaBatch = 1e9, /an iteration of maml would take .* lower metaBatch/],
  ...["", "..", "a/b", "a\\b", "a:b", "constructor", "__proto__", "x".repeat(121)].map((name) =>
    [
      (s: Loose) => Object.assign(s.datasets[0], { name, of: "sinusoid" }),
      /Cannot call a data set ".*": .*; choose a short one of letters, digits and hyphens/,
    ] as const
  ),
  [(s) => {
    s.published = [{ method: "m" }];
  }, /published\[0\]\.source: invalid input: expected string, and it is missing/],
  [(s) => s.datasets[0].hyper.trainInnerSteps = 1e9, /the inner loop of maml would take .* lower trainInnerSteps/],
];

/** The settings of Omniglot, changed. */
const omniglotWith = (change: (entry: Loose) => void) => (s: Loose) => {
  s.algorithms = ["mtl", "protonet"];
  s.datasets = [structuredClone(sweeps.paper.datasets.find(({ name }) => name === "omniglot"))];
  change(s.datasets[0]);
};

const WAYS = "2 to 688 are possible in every split, and up to 4112 \\(trainWays\\) in training";

Deno.test("ways that the data has not are refused with the limits of every split, whichever setting asks for them", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    for (const ways of [1, 689, 1000, 4112, 4113, 100_000]) {
      const refused: readonly (readonly [change: (entry: Loose) => void, message: string])[] = [
        [(entry) => entry.ways = ways, `Cannot draw ${ways} ways of "omniglot": ${WAYS}`],
        [
          (entry) => entry.overrides = { protonet: { trainWays: Math.max(4113, ways) } },
          `Cannot draw ${Math.max(4113, ways)} ways of "omniglot" when training protonet: ${WAYS}`,
        ],
      ];
      for (const [change, message] of refused) {
        const sweep = writeSweep(folder, omniglotWith(change));
        const { code, err } = await cli("--sweep", sweep, "--dry-run", "--backend", "cpu", "--out", out);
        equal(code, 2, `${message}: ${err}`);
        match(err, new RegExp(`^error: ${message}\n$`));
      }
    }
  }));

Deno.test("values that a run could not be done or told with are refused by the dry run, and by what reads a run again", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    for (const [change, message] of REFUSED) {
      // A sweep that names no comparisons has the usual ones only once it has been read.
      const sweep = writeSweep(folder, change);
      const given = Deno.readTextFileSync(sweep).replace(/"seeds":\[0,0\]/, '"seeds":[0,-0]');
      Deno.writeTextFileSync(sweep, message.source.includes("got -0") ? given.replace("[0]", "[-0]") : given);
      for (const path of [sweep, keptAs(folder, sweep)]) {
        const { code, err } = await cli("--sweep", path, "--dry-run", "--backend", "cpu", "--out", out);
        equal(code, 2, `${message}: ${err}`);
        match(err, message);
        match(err, /^error: [^\n]+\n$/);
      }
    }
  }));

/** What a run keeps of its sweep. */
function keptAs(folder: string, sweep: string): string {
  const path = join(folder, "kept.json");
  Deno.writeTextFileSync(path, `{"format":2,"digest":"0","sweep":${Deno.readTextFileSync(sweep)}}`);
  return path;
}

Deno.test("flags come through the same rules as files: what a file may not say, flags may not either", () =>
  withFolder(async (folder) => {
    const sweep = writeSweep(folder);
    for (
      const [flags, message] of [
        [["--seeds", "1234567890-1234567891"], /--seeds ".*": 1234567890 is above the greatest value, 1000000000/],
        [["--shots", "1000000000"], /a test episode would take/],
        [["--training-tasks", "1000000000"], /keeps for each of 1000000000 training tasks/],
      ] as const
    ) {
      const { code, err } = await cli("--sweep", sweep, "--dry-run", "--backend", "cpu", ...flags);
      equal(code, 2, err);
      match(err, message);
    }
  }));

Deno.test("a sweep file may begin with a byte-order mark; UTF-16 and other encodings are named", () =>
  withFolder(async (folder) => {
    const path = writeSweep(folder);
    const text = Deno.readTextFileSync(path);
    const plan = async (bytes: Uint8Array) => {
      Deno.writeFileSync(path, bytes);
      return await cli("--sweep", path, "--dry-run", "--backend", "cpu");
    };
    const units = Uint16Array.from(text, (letter) => letter.charCodeAt(0));
    equal((await plan(new TextEncoder().encode(`\ufeff${text}`))).code, 0);
    for (const bytes of [[0xff, 0xfe, ...new Uint8Array(units.buffer)], [...new Uint8Array(units.buffer)]]) {
      match((await plan(Uint8Array.from(bytes))).err, /sweep\.json: is in UTF-16; save it in UTF-8\n$/);
    }
    match((await plan(new Uint8Array([0x7b, 0xfc]))).err, /sweep\.json: is not in UTF-8; save it in UTF-8\n$/);
  }));
