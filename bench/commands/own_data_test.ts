import { Subprocess } from "../../common/subprocess.ts";
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { encode } from "fast-png";
import { PROJECT_ROOT } from "../../common/project.ts";
import golden from "../../data/testing/golden/pickles.json" with { type: "json" };
import { images as imagesOf, linesCsv, write, writeFolders } from "../../data/testing/own.ts";
import { parseCells } from "../../reports/rows/csv.ts";
import { readSweep } from "../sweeps/read.ts";
import { sourced } from "../sweeps/sourced.ts";
import { sweepDigest } from "../sweeps/digest.ts";
import { cli, withFolder } from "../testing/cli.ts";

const CONFIG = join(PROJECT_ROOT, "deno.json");

/** The data that docs/own_data.md speaks of. */
function writeData(folder: string): void {
  writeFolders(join(folder, "birds"), 9, 5);
  write(join(folder, "rooms.csv"), linesCsv(12, 16));
}

/** Runs a command of the docs as a shell would, for a user who stands in a folder. */
async function type(line: string, folder: string): Promise<{ code: number; out: string; err: string }> {
  const [, words, file] = /^deno task bench ([^>#]*?)(?: > (\S+))?\s*(?:#.*)?$/.exec(line) ?? [];
  ok(words !== undefined, line);
  // Sweep files and results are named from the project; data from where the user stands.
  const args = words.split(" ").map((word) => /^\w+\.json$/.test(word) ? join(folder, word) : word);
  const out = words.includes("print-sweep") ? [] : ["--out", join(folder, `out-${crypto.randomUUID()}`)];
  const { code, stdout, stderr } = await Subprocess.deno({
    args: ["run", "-q", "--no-prompt", "-P=bench", `--config=${CONFIG}`, join(PROJECT_ROOT, "bench/commands/bench.ts")]
      .concat([...args, ...out]),
    cwd: PROJECT_ROOT,
    env: { INIT_CWD: folder },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  if (file !== undefined) Deno.writeFileSync(join(folder, file), stdout);
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** A sweep file with trainings of a few iterations. */
function shorten(path: string): void {
  const sweep = JSON.parse(Deno.readTextFileSync(path));
  for (const entry of sweep.datasets) {
    entry.hyper.iterations = 20;
    entry.episodes = 20;
    entry.validation = null;
    entry.overrides = {};
  }
  Deno.writeTextFileSync(path, JSON.stringify(sweep));
}

Deno.test("every command of docs/own_data.md does what stands there", () =>
  withFolder(async (folder) => {
    writeData(folder);
    const page = Deno.readTextFileSync(join(PROJECT_ROOT, "docs", "own_data.md"));
    const lines = [...page.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block]) => block.trim().split("\n"));
    ok(lines.length >= 7);
    for (const line of lines) {
      const { code, err, out } = await type(line, folder);
      equal(code, 0, `${line}\n${err}`);
      if (line.includes("print-sweep")) shorten(join(folder, line.split(" > ")[1]));
      else match(out, /units .*serve \d+ cells|\d+ cells: \d+ ok/, line);
      if (line.includes("--datasets images:birds --dry-run")) {
        match(err, /^images-birds: 3 classes for training, 3 for validation, 3 for the test; the fewest images are 5/);
        match(err, /images-birds: 3-way instead of 5-way tasks, for want of classes/);
      }
    }
  }));

const SHORT = ["--algorithms", "mtl,maml", "--seeds", "0", "--shots", "1", "--inner-steps", "1", "--quiet"];

Deno.test("an address has the content of the data in it and not its place: what was trained is found again where it was moved", () =>
  withFolder(async (folder) => {
    writeFolders(join(folder, "a", "birds"), 9, 4);
    writeFolders(join(folder, "b", "birds"), 9, 4);
    const store = join(folder, "store");
    const trainings = () =>
      [...Deno.readDirSync(join(store, "training"))].flatMap(({ name }) =>
        [...Deno.readDirSync(join(store, "training", name))].map((file) => file.name)
      ).filter((name) => name.endsWith(".json")).sort();
    const run = async (place: string) => {
      const flags = ["--datasets", `images:${join(folder, place, "birds")}`, "--data-options", "size=6"];
      const sweep = write(join(folder, `${place}.json`), (await cli("--print-sweep", "quick", ...flags, ...SHORT)).out);
      shorten(sweep);
      const out = join(folder, `out-${place}`);
      const ran = await cli("--sweep", sweep, "--quiet", "--out", out, "--store", store, "--backend", "wasm");
      equal(ran.code, 0, ran.err);
      return Deno.readTextFileSync(join(out, "cells.csv"));
    };
    const first = await run("a");
    const known = trainings();
    equal(await run("b"), first);
    equal(trainings(), known);
    const dark = encode({ width: 2, height: 2, channels: 1, depth: 8, data: new Uint8Array(4) });
    write(join(folder, "b", "birds", "class 03", "00.png"), dark);
    ok(await run("b") !== first);
    equal(trainings().length, 2 * known.length);
    ok(parseCells(first).every(({ dataset, status }) => dataset === "images-birds" && status === "ok"));
  }));

Deno.test("a run on a user's own data can be drawn again, looked at and merged", () =>
  withFolder(async (folder) => {
    write(join(folder, "rooms.csv"), linesCsv(9, 12));
    const print = await cli("--print-sweep", "quick", "--datasets", `table:${join(folder, "rooms.csv")}`, ...SHORT);
    const sweep = write(join(folder, "rooms.json"), print.out);
    shorten(sweep);
    const [{ source }] = sourced(readSweep(sweep));
    equal(source.path, join(folder, "rooms.csv"));
    const out = (name: string) => join(folder, name);
    for (const share of ["1/2", "2/2"]) {
      equal((await cli("--sweep", sweep, "--shard", share, "--out", out(share[0]), "--quiet")).code, 0);
    }
    const command = async (name: string, ...args: string[]) => {
      const { code, stdout, stderr } = await Subprocess.deno({
        args: ["run", "-q", "--no-prompt", `-P=${name}`, `--config=${CONFIG}`]
          .concat([join(PROJECT_ROOT, "bench", "commands", `${name}.ts`), ...args]),
        stdin: "null",
      }).output();
      const text = new TextDecoder();
      equal(code, 0, text.decode(stderr) + text.decode(stdout));
      return text.decode(stdout);
    };
    await command("merge", out("1"), out("2"), "--out", out("whole"));
    equal((await cli("--sweep", sweep, "--out", out("one"), "--quiet")).code, 0);
    const cells = (name: string) => Deno.readTextFileSync(join(out(name), "cells.csv"));
    equal(cells("whole"), cells("one"));
    match(await command("status", "--out", out("one")), /written|complete/i);
    await command("report", "--out", out("one"));
  }));

Deno.test("shares of a run may have a user's images in different places, and are merged where any of them is", () =>
  withFolder(async (folder) => {
    const places = ["a", "b"].map((place) => writeFolders(join(folder, place, "birds"), 9, 4));
    const sweeps = await Promise.all(places.map(async (path, index) => {
      const flags = ["--datasets", `images:${path}`, "--data-options", "size=6", ...SHORT];
      const sweep = write(join(folder, `${index}.json`), (await cli("--print-sweep", "quick", ...flags)).out);
      shorten(sweep);
      return sweep;
    }));
    for (const [index, sweep] of sweeps.entries()) {
      const share = [
        "--shard",
        `${index + 1}/2`,
        "--out",
        join(folder, `share${index}`),
        "--quiet",
        "--backend",
        "wasm",
      ];
      const { code, err } = await cli("--sweep", sweep, ...share);
      equal(code, 0, err);
    }
    const merged = async (name: string) => {
      const { code, stdout, stderr } = await Subprocess.deno({
        args: ["run", "-q", "--no-prompt", "-P=merge", `--config=${CONFIG}`]
          .concat([join(PROJECT_ROOT, "bench", "commands", "merge.ts"), join(folder, "share0"), join(folder, "share1")])
          .concat(["--out", join(folder, name)]),
        stdin: "null",
      }).output();
      return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
    };
    const { code, text } = await merged("whole");
    equal(code, 0, text);
    equal((await cli("--sweep", sweeps[1], "--out", join(folder, "one"), "--quiet", "--backend", "wasm")).code, 0);
    const cells = (name: string) => Deno.readTextFileSync(join(folder, name, "cells.csv"));
    equal(cells("whole"), cells("one"));
    Deno.renameSync(join(folder, "a"), join(folder, "moved"));
    equal((await merged("again")).code, 0);
    equal(cells("again"), cells("one"));
    Deno.renameSync(join(folder, "b"), join(folder, "moved", "b"));
    const lost = await merged("nowhere");
    equal(lost.code, 2);
    match(
      lost.text,
      /^error: Cannot merge .*share0 and .*share1 here, where none of them finds its data: There is no .*birds; [^\n]*\n$/,
    );
  }));

Deno.test("data of one name in two places has two folders of results, and each the same one again", () =>
  withFolder(async (folder) => {
    const outOf = async (...flags: string[]) => {
      const { code, out, err } = await cli(...flags, "--dry-run");
      equal(code, 0, err);
      return /^Sweep .* to (\S+)$/m.exec(out + err)?.[1] ?? "";
    };
    const places = ["a", "b"].map((place) => writeFolders(join(folder, place, "birds"), 9, 4));
    const [a, b] = [await outOf("--datasets", `images:${places[0]}`), await outOf("--datasets", `images:${places[1]}`)];
    match(a, /runs\/quick-[0-9a-f]{8}-[0-9a-f]{8}$/);
    equal(a.slice(0, -8), b.slice(0, -8), "the sweeps are the same");
    ok(a !== b);
    equal(await outOf("--datasets", `images:${places[0]}/`), a);
    const files = await Promise.all(places.map(async (path, i) => {
      return write(
        join(folder, `${i}.json`),
        (await cli("--print-sweep", "quick", "--datasets", `images:${path}`)).out,
      );
    }));
    const [c, d] = [await outOf("--sweep", files[0]), await outOf("--sweep", files[1])];
    match(c, /runs\/quick-[0-9a-f]{8}$/);
    ok(c !== d && c.slice(0, -8) === d.slice(0, -8));
  }));

Deno.test("the archive of a standard set is named as data of one's own is, and is planned with its own model", () =>
  withFolder(async (folder) => {
    for (const split of ["train", "val", "test"]) {
      const bytes = new Uint8Array(inflateSync(Uint8Array.fromBase64(golden["labelled-2"])));
      write(join(folder, `FC100_${split}.pickle`), bytes);
    }
    const { code, out, err } = await cli("--print-sweep", "quick", "--datasets", `fc100:${folder}`);
    equal(code, 0, err);
    const [{ name, model, ways, shots, source }] = JSON.parse(out).datasets;
    equal([name, model, ways, shots, source.size, source.colour], ["fc100", "conv4", 2, [1], 32, "rgb"]);
  }));

Deno.test("options of a model and of augmentation are named with those of the data, and wrong ones are refused in one line", () =>
  withFolder(async (folder) => {
    const birds = ["--datasets", `images:${writeFolders(join(folder, "birds"), 9, 4)}`];
    const asked = "size=16,colour=rgb,model=conv4,model.pooling=max,augment.crop=2,augment.flip=true";
    const { code, out, err } = await cli("--print-sweep", "quick", ...birds, "--data-options", asked);
    equal(code, 0, err);
    const [{ model, modelOptions, augment, source }] = JSON.parse(out).datasets;
    equal([model, modelOptions, augment, source.size], [
      "conv4",
      { pooling: "max" },
      { crop: 2, flip: true, jitter: 0 },
      16,
    ]);
    const refused = async (message: RegExp, options: string) => {
      const { code, err } = await cli(...birds, "--data-options", options, "--dry-run", "--out", join(folder, "out"));
      equal([code, message.test(err), err.trimEnd().includes("\n")], [2, true, false], err);
    };
    await refused(/unknown key poling; did you mean "pooling"\?$/m, "model=conv4,model.poling=max");
    await refused(/augment\.flop; did you mean "flip"\?$/m, "augment.flop=true");
    await refused(/its 4 poolings halve an image of 12 x 12 to nothing/, "size=12,model=resnet12");
    await refused(/Cannot crop "images-birds" by 28: its images are 28 x 28/, "augment.crop=28");
  }));

Deno.test("nothing is trained on a set whose classes are all for tests", () =>
  withFolder(async (folder) => {
    const idx = (shape: readonly number[], of: (i: number) => number) => {
      const values = Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => of(i));
      return Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((extent) => [0, 0, 0, extent]), ...values]);
    };
    for (const part of ["train", "t10k"]) {
      write(join(folder, `${part}-images-idx3-ubyte`), idx([20, 8, 8], (i) => i % 256));
      write(join(folder, `${part}-labels-idx1-ubyte`), idx([20], (i) => i % 10));
    }
    const { code, err } = await cli("--datasets", `fashion-mnist:${folder}`, "--dry-run", "--out", join(folder, "out"));
    equal([code, /^error: Cannot train on .*: all its classes are for tests; [^\n]*\n$/.test(err)], [2, true], err);
  }));

Deno.test("the digest of a sweep has no path in it, and all else of the source", () => {
  const [a, b, c] = [imagesOf("/a"), imagesOf("/b"), imagesOf("/a", { size: 9 })];
  const digest = (source: unknown) =>
    sweepDigest({ datasets: [{ name: "x", source }] } as unknown as Parameters<typeof sweepDigest>[0]);
  equal(digest(a), digest(b));
  ok(digest(a) !== digest(c));
});

Deno.test("what cannot be done with data of one's own is one line that says what, where and the way out", () =>
  withFolder(async (folder) => {
    const refused = async (message: RegExp, ...argv: string[]) => {
      const { code, err } = await cli(...argv, "--dry-run", "--out", join(folder, "out"));
      equal([code, message.test(err), err.trimEnd().includes("\n")], [2, true, false], err);
    };
    const few = writeFolders(join(folder, "few"), 4, 3);
    const single = writeFolders(join(folder, "single"), 9, 1);
    const birds = writeFolders(join(folder, "birds"), 9, 4);
    const on = (path: string, ...options: string[]) => [
      ...["--datasets", `images:${path}`],
      ...options.flatMap((option) => ["--data-options", option]),
    ];
    await refused(/^error: There is no .*nowhere/, ...on(join(folder, "nowhere")));
    await refused(/--datasets images:: name a path after the colon/, "--datasets", "images:");
    await refused(/its \w+ split has no two classes to tell apart; it takes 6 classes/, ...on(few));
    await refused(
      /its class "class 00" has 1 of the images that a shot and a query need; .*minExamples=N/,
      ...on(single),
    );
    await refused(/Cannot draw 5 ways of "images-birds": 2 to 3 are possible/, ...on(birds, "ways=5"));
    await refused(
      /Cannot draw 5 shots \+ 3 queries per class of "images-birds".*each class has 4/,
      ...on(birds),
      "--shots",
      "5",
    );
    await refused(/--data-options: images has no option "siz"; it has size, colour/, ...on(birds, "siz=4"));
    await refused(/--data-options colour: /, ...on(birds, "colour=blue"));
    await refused(/--data-options "size": expected name=value/, ...on(birds, "size"));
    await refused(/--data-options: Unknown model "conv5"\. Did you mean "conv4"/, ...on(birds, "model=conv5"));
    await refused(/--data-options is for data of your own/, "--data-options", "size=4");
    await refused(/would take \d+ MiB in every process/, ...on(birds, "size=512,colour=rgb,memoryMib=1"));
    await refused(/two data sets would be called "images-birds"/, "--datasets", `images:${birds},images:${birds}/`);

    const table = write(join(folder, "rooms.csv"), linesCsv(9, 6));
    const onTable = ["--datasets", `table:${table}`];
    await refused(
      /Cannot draw 6 shots \+ 3 queries per task of "table-rooms": each task has 6/,
      ...onTable,
      "--shots",
      "6",
    );
    await refused(
      /Cannot have 4 training tasks of "table-rooms": there are 3; lower trainingTasks/,
      ...onTable,
      "--training-tasks",
      "4",
    );
    await refused(
      /Cannot split .*rooms\.csv: it has 2 tasks/,
      "--datasets",
      `table:${write(join(folder, "2", "rooms.csv"), linesCsv(2, 6))}`,
    );

    const printed = JSON.parse((await cli("--print-sweep", "quick", ...onTable)).out);
    const file = (change: (entry: Record<string, unknown>) => void) => {
      const sweep = structuredClone(printed);
      change(sweep.datasets[0]);
      return ["--sweep", write(join(folder, "sweep.json"), JSON.stringify(sweep))];
    };
    await refused(
      /sweep\.json: unknown key datasets\[0\]\.source\.pat; did you mean "path"\?/,
      ...file((entry) => entry.source = { reader: "table", pat: table }),
    );
    await refused(/datasets\[0\]\.source\.reader: .*'images' \| 'table'/, ...file((entry) => entry.source = {}));
    await refused(/The data set "omniglot" cannot have a source/, ...file((entry) => entry.name = "omniglot"));
    await refused(/[Uu]nknown data set "table-rooms"/, ...file((entry) => delete entry.source));
  }));
