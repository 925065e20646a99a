import { deepStrictEqual as equal } from "node:assert/strict";
import { costLines, figure, ratios, standing, table } from "./table.ts";
import type { Row } from "./types.ts";

const OURS: Row = {
  ...{ workload: "sinusoid-maml-s1", system: "ours", backend: "wasm", cores: 1, pinned: true, device: "" },
  ...{ median_ms: 1, p25_ms: 0.9, p75_ms: 1.1, min_ms: 0.5, max_ms: 9, n: 100, iterations_per_s: 1000 },
  ...{ processes: 2, machine_iterations_per_s: 1950, scaling: 1.95, flops: 2e6, gflop_per_s: 2, peak_rss_mib: 100 },
  ...{ draw_ms: null, check_error: null, growth_mib: null, growth_iterations: null, versions: {} },
};

const peer = (system: Row["system"], median_ms: number, cores = 1): Row => ({
  ...OURS,
  ...{ system, backend: "cpu", median_ms, cores, processes: null, machine_iterations_per_s: null, scaling: null },
});

Deno.test("our time is shown over the fastest PyTorch, its compiler and JAX, on as many cores", () => {
  const rows = [OURS, peer("torch-loop", 8), peer("torch-func", 4), peer("torch-func", 0.1, 2), peer("jax", 0.5)];
  equal(ratios(rows), [
    "  ours on wasm, 1 core / the best PyTorch (torch-func): 0.25; target <= 0.5: met",
    "  ours on wasm, 1 core / JAX: 2.00; JAX is ahead",
  ]);
  equal(ratios([OURS, peer("torch-func", 1.5), peer("torch-compile", 0.8)]), [
    "  ours on wasm, 1 core / the best PyTorch (torch-func): 0.67; target <= 0.5: not met",
    "  ours on wasm, 1 core / PyTorch compiled (torch-compile): 1.25; PyTorch compiled (torch-compile) is ahead",
  ]);
});

Deno.test("targets of scaling and memory are held against what was measured", () => {
  equal(standing([OURS]), ["  ours on wasm, 1 core: 1.95x one process on 2 cores; target >= 1.90: met"]);
  const large = { ...OURS, workload: "conv4-maml-s5", scaling: null, peak_rss_mib: 2000 };
  equal(standing([large]), ["  ours on wasm, 1 core: peak memory 2000 MiB; target <= 1536: not met"]);
  const growing = { ...OURS, scaling: null, growth_mib: 40, growth_iterations: 10_000 };
  equal(standing([growing]), [
    "  ours on wasm, 1 core: resident memory grew by 40.0 MiB from iteration 1000 to 10000; target: none (<= 16 MiB): not met",
  ]);
});

Deno.test("the cost of multi-task learning is beside MAML's of the same size and backend", () => {
  const mtl = { ...OURS, workload: "sinusoid-mtl", median_ms: 0.4, flops: 1e6 };
  const other = { ...OURS, backend: "cpu", median_ms: 50 };
  equal(costLines([OURS, other, mtl]).slice(1), [
    "  sinusoid, ours on wasm, 1 core: MAML S=1 takes 2.5x the time, 2.0x the operations",
  ]);
  equal(costLines([OURS]), []);
});

Deno.test("a missing number is an empty cell", () => {
  const [head, row] = table([peer("jax", 0.5)]);
  equal(head.trim().split(/ {2,}/).slice(-2), ["peak MiB", "draw ms"]);
  equal(row.trim().split(/ {2,}/).at(-1), "100");
});

Deno.test("figures have three significant digits and no exponent", () => {
  equal([0.28762, 4.5, 159.2, 12345, 0.0113, 0].map(figure), ["0.288", "4.50", "159", "12345", "0.0113", "0"]);
});
