import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { parseCells, parseDiversity, parseEpisodes } from "../../reports/rows/csv.ts";
import { groupsFile } from "../../reports/rows/measure_csv.ts";
import { linesCsv, write, writeFolders } from "../../data/testing/own.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import { drawAgain } from "./report.ts";

/** A file of a store, by the folder of its kind. */
function stored(store: string, kind: string): string[] {
  return [...Deno.readDirSync(join(store, kind))].flatMap(({ name }) =>
    [...Deno.readDirSync(join(store, kind, name))].map((file) => file.name)
  ).sort();
}

Deno.test("a sweep that tests across domains trains nothing more, goes on where it was, and says of every cell what it is", () =>
  withFolder(async (folder) => {
    const [out, store] = [join(folder, "out"), join(folder, "store")];
    const flags = ["--store", store, "--workers", "1", "--backend", "wasm", "--quiet"];
    const own = await cli("--sweep", writeSweep(folder), "--out", out, ...flags);
    equal(own.code, 0, own.err);
    const [trainings, evaluations] = [stored(store, "training"), stored(store, "evaluation")];
    const home = parseCells(Deno.readTextFileSync(join(out, "cells.csv")));
    const crossed = join(folder, "crossed");
    const both = ["--sweep", join(folder, "sweep.json"), "--test-on", "sinusoid-frequency,tides", "--out", crossed];
    const ran = await cli(...both, ...flags);
    equal(ran.code, 0, ran.err);
    equal(stored(store, "training"), trainings);
    equal(stored(store, "evaluation").length, 3 * evaluations.length);
    const cells = parseCells(Deno.readTextFileSync(join(crossed, "cells.csv")));
    equal(cells.filter(({ dataset }) => dataset === "sinusoid"), home);
    equal(
      new Set(cells.map(({ dataset, trainedOn, testedOn }) => [dataset, trainedOn, testedOn].join())),
      new Set([
        "sinusoid,sinusoid,sinusoid",
        "sinusoid-to-sinusoid-frequency,sinusoid,sinusoid-frequency",
        "sinusoid-to-tides,sinusoid,tides",
      ]),
    );
    ok(cells.every(({ status, episodes }) => status !== "failed" && episodes > 0));
    const verdicts = Deno.readTextFileSync(join(crossed, "verdicts.csv"));
    match(verdicts, /sinusoid-to-tides/);
    const floors = Deno.readTextFileSync(join(crossed, "references.csv"));
    match(floors, /sinusoid-to-tides,bayes/);
    const rows = new Map(
      parseEpisodes(Deno.readTextFileSync(join(crossed, "episodes.csv"))).map((
        row,
      ) => [`${row.dataset} ${row.trainingUnit} ${row.adapter} ${row.innerSteps}`, row.scores]),
    );
    const [first] = home;
    const at = (dataset: string) => rows.get(`${dataset} ${first.trainingUnit} ${first.adapter} ${first.innerSteps}`);
    ok(JSON.stringify(at("sinusoid")) !== JSON.stringify(at("sinusoid-to-tides")));
    const moved = parseDiversity(Deno.readTextFileSync(join(crossed, "diversity.csv")));
    const stepped = cells.filter(({ innerSteps }) => innerSteps !== null && innerSteps > 0);
    equal(
      moved.map(({ dataset, innerSteps }) => [dataset, innerSteps]),
      stepped.map((row) => [row.dataset, row.innerSteps]),
    );
    ok(moved.every(({ effectiveRank, episodes }) => effectiveRank! >= 1 && effectiveRank! <= 4 && episodes === 4));
    const again = await cli(...both, ...flags);
    equal(again.code, 0, again.err);
    equal(parseCells(Deno.readTextFileSync(join(crossed, "cells.csv"))), cells);
    equal((await drawAgain(crossed, false)).lacks, "");
    match(
      Deno.readTextFileSync(join(crossed, "report", "index.html")),
      /Sinusoids, tested on Sinusoids of varying frequency[^]*: how differently tasks move the weights/,
    );
  }));

Deno.test("tables of one's own are trained on and tested on by flags", () =>
  withFolder(async (folder) => {
    for (const name of ["a", "b"]) write(join(folder, `${name}.csv`), linesCsv(name === "a" ? 9 : 8, 12));
    const flags = ["--datasets", `table:${join(folder, "a.csv")}`, "--test-on", `table:${join(folder, "b.csv")}`];
    const { code, out, err } = await cli("--print-sweep", "smoke", ...flags, "--algorithms", "mtl,maml");
    equal(code, 0, err);
    const sweep = JSON.parse(out);
    equal(sweep.datasets.map(({ name }: { name: string }) => name), ["table-a", "table-a-to-table-b"]);
    for (const entry of sweep.datasets) {
      entry.hyper.iterations = 5;
      entry.episodes = 4;
      entry.validation = null;
      entry.overrides = {};
      entry.shots = [2];
      entry.innerSteps = [1];
      entry.hyper.trainShots = "matched";
    }
    const path = write(join(folder, "sweep.json"), JSON.stringify({ ...sweep, seeds: [0] }));
    const ran = await cli("--sweep", path, "--out", join(folder, "out"), "--quiet", "--backend", "wasm");
    equal(ran.code, 0, ran.err);
    const cells = parseCells(Deno.readTextFileSync(join(folder, "out", "cells.csv")));
    ok(cells.some(({ testedOn, status }) => testedOn === "table-b" && status !== "failed"));
  }));

Deno.test("what cannot be tested on is refused in one line before anything is written", () =>
  withFolder(async (folder) => {
    const refused = async (message: RegExp, ...flags: string[]) => {
      const out = join(folder, "out");
      const { code, err } = await cli("--profile", "smoke", "--datasets", "sinusoid", "--out", out, ...flags);
      equal(code, 2, err);
      match(err, message);
      match(err, /^error: [^\n]*\n$/);
    };
    await refused(/--test-on: Unknown data set "tide"\. Did you mean "tides"\?/, "--test-on", "tide");
    await refused(/the one is regression, the other classification; choose/, "--test-on", "omniglot");
    await refused(/is tested on its own test episodes anyway; leave it out/, "--test-on", "sinusoid");
    await refused(/it is regression: sweep trainingTasks instead/, "--training-classes", "10,20");
    await refused(/--training-classes/, "--training-classes", "1");
    equal([...Deno.readDirSync(folder)], []);
  }));

Deno.test("any-way any-shot episodes are a test of the same trainings, in groups by their ways and support", () =>
  withFolder(async (folder) => {
    writeFolders(join(folder, "birds"), 15, 14);
    const own = ["--datasets", `images:${join(folder, "birds")}`, "--data-options", "size=6,ways=3", "--shots", "1,3"];
    const axes = [
      "--algorithms",
      "maml,protonet,mtl-class-rows",
      "--test-on",
      "any-way-any-shot",
      "--inner-steps",
      "1",
    ];
    const printed = await cli("--print-sweep", "smoke", ...own, ...axes, "--seeds", "0");
    equal(printed.code, 0, printed.err);
    const sweep = JSON.parse(printed.out);
    for (const entry of sweep.datasets) {
      Object.assign(entry.hyper, { iterations: 3, metaBatch: 2, queries: 3 });
      Object.assign(entry, {
        hidden: [6],
        sharingDepths: [0],
        depthsOf: {},
        episodes: 40,
        testQueries: 4,
        validation: null,
        tuning: null,
        overrides: {},
      });
    }
    const [out, store] = [join(folder, "out"), join(folder, "store")];
    const run = (path: string, to: string) =>
      cli("--sweep", path, "--out", to, "--store", store, "--quiet", "--backend", "wasm", "--workers", "1");
    const home = { ...sweep, datasets: sweep.datasets.slice(0, 1), predictions: [] };
    const alone = await run(write(join(folder, "home.json"), JSON.stringify(home)), join(folder, "home"));
    equal(alone.code, 0, alone.err);
    const trainings = stored(store, "training");
    const ran = await run(write(join(folder, "any.json"), JSON.stringify({ ...sweep, predictions: [] })), out);
    equal(ran.code, 0, ran.err);
    equal(stored(store, "training"), trainings);
    const name = "images-birds-to-any-way-any-shot";
    const text = (file: string) => Deno.readTextFileSync(join(out, file));
    const cells = parseCells(text("cells.csv")).filter(({ dataset }) => dataset === name);
    ok(cells.length > 0 && cells.every(({ status, episodes }) => status === "ok" && episodes === 40));
    const [cell] = cells;
    const groups = groupsFile.parse(text("groups.csv")).filter((row) =>
      row.dataset === name && row.algorithm === cell.algorithm && row.adapter === cell.adapter &&
      row.shots === cell.shots && row.innerSteps === cell.innerSteps
    );
    for (const [level, names] of [["ways", ["2", "3"]], ["support per class", ["1 to K", "1 to K/2", "K/2 to K"]]]) {
      const rows = groups.filter((row) => row.level === level);
      equal(rows.map(({ group }) => group).sort(), names);
      equal(rows.reduce((sum, { count }) => sum + count, 0), 40);
      ok(rows.every(({ metric, meanLog }) => metric === "accuracy" && meanLog === null));
      const mean = rows.reduce((sum, { count, mean }) => sum + count * mean!, 0) / 40;
      ok(Math.abs(mean - cell.mean!) < 1e-12, `${mean} ${cell.mean}`);
    }
    match(text("references.csv"), new RegExp(`${name},nearest-mean`));
    equal((await drawAgain(out, false)).lacks, "");
    match(text(join("report", "index.html")), /birds, any-way any-shot, 3-way: what needs no training/);
    const refused = async (message: RegExp, ...flags: string[]) => {
      const { code, err } = await cli(...flags, "--test-on", "any-way-any-shot", "--dry-run");
      equal([code, message.test(err), err.trimEnd().includes("\n")], [2, true, false], err);
    };
    await refused(
      /"tides" has no any-way-any-shot episodes: it is regression/,
      "--profile",
      "real",
      "--datasets",
      "tides",
    );
    await refused(
      /Cannot test "languages-imbalanced" on any-way-any-shot: its episodes are imbalanced already; leave one/,
      ...["--profile", "real", "--datasets", "languages", "--episode-styles", "imbalanced"],
    );
  }));
