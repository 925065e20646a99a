/** Rows as text for people. */
import { nameOf } from "./race.ts";
import { GROWTH_MIB, PEAK_MIB, pytorchTarget, SCALING_SHARE } from "./targets.ts";
import type { Row } from "./types.ts";

/** Three significant digits, without an exponent. */
export function figure(value: number | null): string {
  if (value === null) return "";
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-3))));
  return value.toFixed(digits);
}

const COLUMNS: readonly (readonly [title: string, cell: (row: Row) => string])[] = [
  ["system", ({ system }) => system],
  ["backend", ({ backend }) => backend],
  ["cores", ({ cores }) => String(cores)],
  ["median ms", ({ median_ms }) => figure(median_ms)],
  ["p25-p75", ({ p25_ms, p75_ms }) => `${figure(p25_ms)}-${figure(p75_ms)}`],
  ["n", ({ n }) => String(n)],
  ["it/s", ({ iterations_per_s }) => figure(iterations_per_s)],
  ["machine it/s", ({ machine_iterations_per_s }) => figure(machine_iterations_per_s)],
  ["scaling", ({ scaling }) => scaling === null ? "" : scaling.toFixed(2)],
  ["GFLOP", ({ flops }) => figure(flops / 1e9)],
  ["GFLOP/s", ({ gflop_per_s }) => figure(gflop_per_s)],
  ["peak MiB", ({ peak_rss_mib }) => peak_rss_mib.toFixed(0)],
  ["draw ms", ({ draw_ms }) => figure(draw_ms)],
];

/** The rows of one workload, aligned. */
export function table(rows: readonly Row[]): string[] {
  const cells = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells.map((line) =>
    `  ${line.map((cell, i) => i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join("  ")}`.trimEnd()
  );
}

function verdict(met: boolean): string {
  return met ? "met" : "not met";
}

/** How our rows of one workload stand against the peers' with as many cores, and against the targets. */
export function ratios(rows: readonly Row[]): string[] {
  return rows.filter(({ system }) => system === "ours").flatMap((ours) => {
    const peers = rows.filter(({ system, cores }) => system !== "ours" && cores === ours.cores);
    const fastest = (...systems: Row["system"][]) =>
      peers.filter(({ system }) => systems.includes(system)).sort((a, b) => a.median_ms - b.median_ms)[0];
    const target = pytorchTarget(ours);
    const against = (what: string, peer: Row | undefined, limit?: number): string[] => {
      if (peer === undefined) return [];
      const ratio = ours.median_ms / peer.median_ms;
      const wanted = limit === undefined ? "" : `; target <= ${limit}: ${verdict(ratio <= limit)}`;
      const ahead = ratio > 1 ? `; ${what} is ahead` : "";
      return [`  ${nameOf(ours)} / ${what}: ${ratio.toFixed(2)}${ahead}${wanted}`];
    };
    const eager = fastest("torch-loop", "torch-func");
    return [
      ...against(`the best PyTorch (${eager?.system})`, eager, target),
      ...against("PyTorch compiled (torch-compile)", fastest("torch-compile")),
      ...against("JAX", fastest("jax")),
    ];
  });
}

/** How our rows of one workload stand against the targets that need no peer. */
export function standing(rows: readonly Row[]): string[] {
  return rows.filter(({ system }) => system === "ours").flatMap((row) => {
    const lines: string[] = [];
    if (row.scaling !== null && row.processes !== null) {
      const limit = SCALING_SHARE * row.processes;
      const value = `${row.scaling.toFixed(2)}x one process on ${row.processes} cores`;
      lines.push(`  ${nameOf(row)}: ${value}; target >= ${limit.toFixed(2)}: ${verdict(row.scaling >= limit)}`);
    }
    if (row.workload === "conv4-maml-s5") {
      const value = `peak memory ${row.peak_rss_mib.toFixed(0)} MiB`;
      lines.push(`  ${nameOf(row)}: ${value}; target <= ${PEAK_MIB}: ${verdict(row.peak_rss_mib <= PEAK_MIB)}`);
    }
    if (row.growth_mib !== null) {
      const over = `from iteration ${(row.growth_iterations ?? 0) / 10} to ${row.growth_iterations}`;
      const value = `resident memory ${row.growth_mib >= 0 ? "grew by" : "fell by"} ${
        Math.abs(row.growth_mib).toFixed(1)
      } MiB ${over}`;
      lines.push(
        `  ${nameOf(row)}: ${value}; target: none (<= ${GROWTH_MIB} MiB): ${verdict(row.growth_mib <= GROWTH_MIB)}`,
      );
    }
    return lines;
  });
}

/** What multi-task learning costs per training iteration beside MAML of the same size, in time and in operations. */
export function costLines(rows: readonly Row[]): string[] {
  const lines = rows.filter(({ workload, system }) => system === "ours" && workload.endsWith("-mtl")).flatMap((mtl) => {
    const family = mtl.workload.slice(0, -"-mtl".length);
    return [1, 5].flatMap((steps) => {
      const maml = rows.find((row) =>
        row.workload === `${family}-maml-s${steps}` && row.system === "ours" && row.backend === mtl.backend &&
        row.cores === mtl.cores
      );
      if (maml === undefined) return [];
      const time = (maml.median_ms / mtl.median_ms).toFixed(1);
      const work = (maml.flops / mtl.flops).toFixed(1);
      return [`  ${family}, ${nameOf(mtl)}: MAML S=${steps} takes ${time}x the time, ${work}x the operations`];
    });
  });
  return lines.length === 0 ? [] : ["Cost of a training iteration beside multi-task learning's:", ...lines];
}
