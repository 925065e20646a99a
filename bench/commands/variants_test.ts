import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { Subprocess } from "../../common/subprocess.ts";
import { linesCsv, write, writeFolders } from "../../data/testing/own.ts";
import { UDHR } from "../../data/languages/declarations.ts";
import { missingPackage } from "../../data/npm/package.ts";
import { parseCells, parseReferences } from "../../reports/rows/csv.ts";
import { cli, withFolder } from "../testing/cli.ts";

const CONFIG = join(PROJECT_ROOT, "deno.json");
const missing = await missingPackage(UDHR, "languages");
const here = { ignore: missing !== undefined };
const where = missing === undefined ? "" : " (npm cannot be reached)";

/** Runs another command with its own permissions. */
async function command(name: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await Subprocess.deno({
    args: ["run", "-q", "--no-prompt", `-P=${name}`, `--config=${CONFIG}`]
      .concat([join(PROJECT_ROOT, "bench", "commands", `${name}.ts`), ...args]),
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  equal(code, 0, text.decode(stderr) + text.decode(stdout));
  return text.decode(stdout);
}

/** A sweep file made of what flags print, with trainings of a few iterations. */
async function shortSweep(folder: string, name: string, ...flags: string[]): Promise<string> {
  const printed = await cli("--print-sweep", "real", ...flags, "--seeds", "0", "--shots", "1", "--inner-steps", "1");
  equal(printed.code, 0, printed.err);
  const sweep = JSON.parse(printed.out);
  for (const entry of sweep.datasets) {
    Object.assign(entry.hyper, { iterations: 3, metaBatch: 4, pool: 20 });
    Object.assign(entry, {
      hidden: [8],
      sharingDepths: [0],
      depthsOf: {},
      episodes: 30,
      validation: null,
      overrides: {},
    });
  }
  return write(join(folder, `${name}.json`), JSON.stringify({ ...sweep, predictions: [] }));
}

const addresses = (store: string) =>
  [...Deno.readDirSync(join(store, "training"))].flatMap(({ name }) =>
    [...Deno.readDirSync(join(store, "training", name))].map((file) => file.name)
  ).filter((name) => name.endsWith(".json")).sort();

Deno.test({
  name: `ways and styles are an axis from plan to report, and a variant is trained once under whatever name${where}`,
  ...here,
  fn: () =>
    withFolder(async (folder) => {
      const only = ["--datasets", "languages", "--algorithms", "mtl-class-rows,maml"];
      const style = ["--episode-styles", "hierarchical"];
      const axes = ["--ways", "3,5", ...style];
      const sweep = await shortSweep(folder, "axes", ...only, ...axes);
      const names = ["languages-3-way-hierarchical", "languages-5-way-hierarchical"];
      const dry = await cli("--sweep", sweep, "--dry-run", "--out", join(folder, "dry"));
      equal(dry.code, 0, dry.err);
      for (const name of names) match(dry.out, new RegExp(`^${name} +maml +1 `, "m"));
      const [out, store] = [join(folder, "out"), join(folder, "store")];
      const run = (path: string, to: string) =>
        cli("--sweep", path, "--out", to, "--store", store, "--quiet", "--backend", "wasm", "--workers", "1");
      // What a single run of one variant has in the store is not trained again.
      const alone = await shortSweep(folder, "alone", ...only, "--ways", "3", ...style);
      equal((await run(alone, join(folder, "alone"))).code, 0);
      const known = addresses(store);
      equal((await run(sweep, out)).code, 0);
      equal(addresses(store).length, 2 * known.length);
      const table = () => Deno.readTextFileSync(join(out, "cells.csv"));
      const cells = parseCells(table());
      ok(cells.length > 0 && cells.every(({ status }) => status === "ok"));
      equal([...new Set(cells.map(({ dataset }) => dataset))].sort(), names);
      const scores = (path: string, name: string) =>
        parseCells(Deno.readTextFileSync(join(path, "cells.csv"))).filter(({ dataset }) => dataset === name)
          .map(({ mean, algorithm }) => [algorithm, mean]);
      equal(scores(out, names[0]), scores(join(folder, "alone"), "languages-hierarchical"));
      // Guessing among more languages is harder for what needs no training.
      const [three, five] = parseReferences(Deno.readTextFileSync(join(out, "references.csv"))).map(({ mean }) => mean);
      ok(three! > five!, `${three} ${five}`);
      // A run that lost its table and some results computes only these.
      const before = table();
      const [lost] = addresses(store);
      Deno.removeSync(join(store, "training", lost.slice(0, 2), lost));
      Deno.removeSync(join(out, "cells.csv"));
      equal((await run(sweep, out)).code, 0);
      equal(table(), before);
      const page = join(out, "report", "index.html");
      const drawn = Deno.readTextFileSync(page);
      for (const title of ["Languages, hierarchical, 3-way", "Languages, hierarchical, 5-way"]) {
        ok(drawn.includes(title), title);
      }
      await command("report", "--out", out);
      equal(Deno.readTextFileSync(page), drawn);
      await command("figures", out, "--out", join(folder, "figures"));
      equal((await cli("--sweep", sweep, "--datasets", names[0], "--dry-run")).code, 0);
    }),
});

Deno.test("data of one's own has ways as an axis too, with the draws that each number has alone", () =>
  withFolder(async (folder) => {
    writeFolders(join(folder, "birds"), 12, 5);
    const own = ["--datasets", `images:${join(folder, "birds")}`, "--data-options", "size=6", "--algorithms", "maml"];
    const run = async (name: string, ways: string) => {
      const sweep = await shortSweep(folder, name, ...own, "--ways", ways);
      const out = join(folder, name);
      const { code, err } = await cli("--sweep", sweep, "--out", out, "--quiet", "--backend", "wasm", "--workers", "1");
      equal(code, 0, err);
      return parseCells(Deno.readTextFileSync(join(out, "cells.csv"))).map(({ dataset, mean }) => [dataset, mean]);
    };
    const both = await run("both", "2,3");
    equal([...new Set(both.map(([dataset]) => dataset))], ["images-birds-2-way", "images-birds-3-way"]);
    equal((await run("alone", "2")).map(([, mean]) => mean), both.slice(0, both.length / 2).map(([, mean]) => mean));
  }));

Deno.test("images of one's own are drawn imbalanced, and hierarchically where folders lie in folders of groups", () =>
  withFolder(async (folder) => {
    for (const group of ["birds", "plants"]) writeFolders(join(folder, "zoo", group), 12, 8);
    const own = [
      "--datasets",
      `images:${join(folder, "zoo")}`,
      "--data-options",
      "size=6,ways=2",
      "--algorithms",
      "maml",
    ];
    const styles = ["--episode-styles", "usual,imbalanced,hierarchical"];
    const sweep = await shortSweep(folder, "styles", ...own, ...styles);
    const out = join(folder, "out");
    const { code, err } = await cli("--sweep", sweep, "--out", out, "--quiet", "--backend", "wasm", "--workers", "1");
    equal(code, 0, err);
    const cells = parseCells(Deno.readTextFileSync(join(out, "cells.csv")));
    equal([...new Set(cells.map(({ dataset }) => dataset))].sort(), [
      ...["images-zoo", "images-zoo-hierarchical", "images-zoo-imbalanced"],
    ]);
    ok(cells.every(({ status }) => status === "ok"));
  }));

Deno.test("ways and styles that a data set does not have are refused with what, where and the way out", () =>
  withFolder(async (folder) => {
    const refused = async (message: RegExp, ...argv: string[]) => {
      const { code, err } = await cli(...argv, "--dry-run", "--out", join(folder, "out"));
      equal([code, message.test(err), err.trimEnd().includes("\n")], [2, true, false], err);
    };
    writeFolders(join(folder, "birds"), 12, 5);
    write(join(folder, "rooms.csv"), linesCsv(9, 12));
    const images = ["--datasets", `images:${join(folder, "birds")}`];
    await refused(
      /Cannot draw 400 ways of "languages-400-way": 2 to 49 are possible in every split/,
      "--profile",
      "real",
      "--ways",
      "5,400",
    );
    await refused(/--ways: no data set of this sweep has classes/, "--profile", "theory", "--ways", "5");
    await refused(/--ways "1": 1 is below the least value, 2/, "--ways", "1");
    await refused(
      /--episode-styles: Unknown episode style "hierarchic". Did you mean "hierarchical"/,
      "--episode-styles",
      "hierarchic",
    );
    await refused(
      /Cannot draw hierarchical episodes of "images-birds": its classes have no groups.*; leave episodeStyles out/,
      ...[...images, "--episode-styles", "hierarchical"],
    );
    write(
      join(folder, "kinds.csv"),
      ["kind,x", ...Array.from({ length: 300 }, (_, i) => `k${i % 15},${i}`)].join("\n"),
    );
    await refused(
      /Cannot draw imbalanced episodes of "table-kinds": it is a table of your own, .*; leave episodeStyles out/,
      ...["--datasets", `table:${join(folder, "kinds.csv")}`, "--data-options", "task=null,target=kind"],
      ...["--episode-styles", "imbalanced"],
    );
    for (const variant of ["languages-20-way", "languages-hierarchical", "languages-80-5-way-hierarchical"]) {
      await refused(
        new RegExp(
          `--test-on ${variant}: what is tested on has the ways of what is trained on.*name the data set alone`,
        ),
        ...["--profile", "real", "--datasets", "languages", "--ways", "5,20", "--test-on", variant],
      );
    }
    const printed = JSON.parse((await cli("--print-sweep", "real", "--datasets", "tides,languages")).out);
    const file = (change: (datasets: Record<string, unknown>[]) => void) => {
      const sweep = structuredClone(printed);
      change(sweep.datasets);
      return ["--sweep", write(join(folder, "sweep.json"), JSON.stringify(sweep))];
    };
    await refused(
      /Cannot draw imbalanced episodes of "tides": it is regression.*; leave episodeStyles out/,
      ...file(([tides]) => tides.episodeStyles = ["imbalanced"]),
    );
    await refused(
      /"mine" cannot be a variant: [Uu]nknown data set "language"\. Did you mean "languages"/,
      ...file(([, languages]) => Object.assign(languages, { name: "mine", of: "language" })),
    );
    await refused(
      /"mine" cannot be a variant: [Uu]nknown data set "__proto__"/,
      ...file(([, languages]) => Object.assign(languages, { name: "mine", of: "__proto__" })),
    );
    const source = (path: string) => ({ reader: "images", path });
    await refused(
      /The variants of "birds" have two sources: give each source a name of its own in "of"/,
      ...file((datasets) => {
        const [, languages] = datasets;
        datasets.splice(0, 2, { ...languages, name: "a", of: "birds", source: source(join(folder, "birds")) }, {
          ...{ ...languages, name: "b", of: "birds", source: source(folder) },
        });
      }),
    );
    await refused(
      /"omniglot" cannot be a variant of "languages": that is the name of a built-in one/,
      ...file(([, languages]) => Object.assign(languages, { name: "omniglot", of: "languages" })),
    );
    await refused(
      /datasets\[1\]\.ways\[0\]: too small: expected number to be >=1/,
      ...file(([, languages]) => languages.ways = [0]),
    );
  }));
