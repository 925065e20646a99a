import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import type { Row } from "../speed/types.ts";
import { Subprocess } from "../../common/subprocess.ts";

/** Runs `deno task speed` as a user would, with its own permissions. */
async function speed(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const command = Subprocess.deno({
    args: ["run", "-q", "--no-prompt", "-P=speed", join("bench", "commands", "speed.ts"), ...argv],
    cwd: PROJECT_ROOT,
  });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** What users of the JSON may rely on. */
const NUMBERS: readonly (keyof Row)[] = [
  ...["cores", "median_ms", "p25_ms", "p75_ms", "min_ms", "max_ms", "n", "iterations_per_s", "flops"] as const,
  ...["gflop_per_s", "peak_rss_mib", "draw_ms"] as const,
];

Deno.test("a short measurement writes the documented fields", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "speed.json");
    const { code, out, err } = await speed(
      ...["--workloads", "sinusoid-maml-s1", "--backend", "wasm", "--seconds", "0.2", "--json", path],
    );
    equal([code, err], [0, ""]);
    match(out, /sinusoid-maml-s1: MAML, 1 inner step/);
    const rows = JSON.parse(await Deno.readTextFile(path)) as Row[];
    equal(rows.length, 1);
    const [row] = rows;
    equal([row.workload, row.system, row.backend, row.cores], ["sinusoid-maml-s1", "ours", "wasm", 1]);
    for (const name of NUMBERS) ok(typeof row[name] === "number" && row[name] > 0, `${name} is ${row[name]}`);
    ok(row.min_ms <= row.p25_ms && row.p25_ms <= row.median_ms && row.median_ms <= row.p75_ms);
    ok(row.p75_ms <= row.max_ms);
    equal(row.versions.deno, Deno.version.deno);
    equal([row.check_error, row.growth_mib], [null, null]);
    if (navigator.hardwareConcurrency > 1) {
      equal(row.processes, navigator.hardwareConcurrency);
      ok((row.machine_iterations_per_s ?? 0) > 0 && (row.scaling ?? 0) > 0);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what cannot be done ends with status 2 and one line", async () => {
  for (
    const [argv, message] of [
      [["--workloads", "none"], /^error: --workloads: Unknown workload "none"/],
      [["--peers", "/no/such/python"], /^error: Cannot start "\/no\/such\/python --version"/],
      [["--json", "/no/such/folder/speed.json"], /^error: Cannot write to --json/],
    ] as const
  ) {
    const { code, err } = await speed(...argv);
    equal(code, 2, err);
    match(err, message);
    equal(err.trimEnd().split("\n").length, 1);
  }
});
