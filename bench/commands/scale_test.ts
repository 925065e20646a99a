import { deepStrictEqual as equal, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { parseCells, parseEpisodes } from "../../reports/rows/csv.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { planSweep } from "../plan/plan.ts";
import { CATALOG } from "../run/catalog.ts";
import { STEPS } from "../scale/step.ts";
import { scaleSweep } from "../scale/sweep.ts";
import { PLAIN_ADDRESSES } from "../testing/plan.ts";
import { Subprocess } from "../../common/subprocess.ts";

interface Written {
  readonly cells: number;
  readonly units: number;
  readonly measured: readonly { step: string; part: string; seconds: number; peakRssMib: number }[];
}

/** Runs `deno task scale` as a user would, with its own permissions. */
async function scale(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const command = Subprocess.deno({
    args: ["run", "-q", "--no-prompt", "-P=scale", join("bench", "commands", "scale.ts"), ...argv],
    cwd: PROJECT_ROOT,
  });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("a simulated sweep is planned, found done, and reported whole", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [out, json] = [join(folder, "run"), join(folder, "scale.json")];
    const { code, out: printed, err } = await scale(
      ...["--seeds", "2", "--shots", "1", "--steps", "3", "--episodes", "3", "--out", out, "--json", json],
    );
    equal([code, err], [0, ""]);
    // How many there are depends on the algorithms of the quick sweep.
    const sweep = scaleSweep({ seeds: 2, shots: 1, steps: 3, episodes: 3 });
    const { cells: planned, units } = planSweep(sweep, CATALOG, PLAIN_ADDRESSES);
    const evaluations = units.reduce((total, unit) => total + unit.evaluations.length, 0);
    ok(planned.length >= 864 && units.length >= 124 && evaluations >= 460, "no smaller than it was");
    const counts = `${planned.length} cells from ${units.length} units and ${evaluations} evaluations of 3 episodes`;
    ok(printed.split("\n").includes(`${counts}; training and evaluation are simulated`), printed);
    const written = JSON.parse(await Deno.readTextFile(json)) as Written;
    equal([written.cells, written.units], [planned.length, units.length]);
    equal(written.measured.filter(({ step, part }) => step === part).map(({ step }) => step), [...STEPS]);
    for (const { seconds, peakRssMib } of written.measured) ok(seconds >= 0 && peakRssMib > 0);

    const cells = parseCells(await Deno.readTextFile(join(out, "cells.csv")));
    strictEqual(cells.length, planned.length);
    ok(cells.every(({ status, episodes }) => status === "ok" && episodes === 3));
    strictEqual(parseEpisodes(await Deno.readTextFile(join(out, "episodes.csv"))).length, planned.length);
    const page = await Deno.readTextFile(join(out, "report", "index.html"));
    match(page, /Simulated results of a large sweep/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what cannot be simulated is refused in one line", async () => {
  const { code, err } = await scale("--seeds", "0");
  equal(code, 2);
  match(err, /^error: --seeds "0": 0 is below the least value, 1\n$/);
});
