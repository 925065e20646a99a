import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { parseCells, parseDiversity, parseEpisodes } from "../../reports/rows/csv.ts";
import { linesCsv, write } from "../../data/testing/own.ts";
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
