import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { writeReference } from "./reference.ts";
import type { PeerName, Ready, Unable } from "./types.ts";
import { workloads } from "./workloads.ts";
import { Subprocess } from "../../common/subprocess.ts";

const PYTHON = "python3";

/** Whether the Python in the path has a module. */
async function has(module: string): Promise<boolean> {
  const code = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
  try {
    return (await new Subprocess(PYTHON, { args: ["-c", code], stderr: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}

const [torch, jax] = [await has("torch"), await has("jax")];

const PEERS: readonly (readonly [name: PeerName, script: string, module: string, present: boolean])[] = [
  ["torch-loop", "torch_loop.py", "torch", torch],
  ["torch-func", "torch_func.py", "torch", torch],
  ["jax", "jax_peer.py", "jax", jax],
];

/**
 * One workload of every kind: second order, first order, some layers, a pool, convolutions, an adaptation; gradients of their own, context inputs, solved
 * heads, rows of classes, all classes. A race checks each of the others before it is timed.
 */
const CHECKED = [
  ...["sinusoid-maml-s5", "sinusoid-fomaml-s1", "omniglot-mlp-maml-s1", "omniglot-mlp-anil-s1", "sinusoid-mtl"],
  ...["conv4-maml-s1", "sinusoid-adapt", "sinusoid-imaml-s5", "omniglot-mlp-cavia-s1", "omniglot-mlp-r2d2"],
  ...["conv4-mtl-class-rows", "omniglot-mlp-baseline-plus-plus", "sinusoid-maml-plus-plus-s5"],
];

async function withReference(name: string, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const workload = workloads.find((entry) => entry.name === name);
    ok(workload);
    await writeReference(workload, folder);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The first word of a script that gets no orders. */
async function ready(script: string, folder: string): Promise<Ready | Unable> {
  const path = join(PROJECT_ROOT, "bench", "speed", "peers", script);
  const command = new Subprocess(PYTHON, { args: ["-B", path, folder, "1", "0"], stdin: "null", stderr: "null" });
  const [first] = new TextDecoder().decode((await command.output()).stdout).split("\n");
  return JSON.parse(first);
}

for (const [peer, script, module, present] of PEERS) {
  const why = present ? "" : ` (ignored: ${PYTHON} has no ${module})`;

  Deno.test({
    name: `${peer} computes the reference's meta-gradients in float64${why}`,
    ignore: !present,
    fn: async (t) => {
      for (const name of CHECKED) {
        await t.step(name, () =>
          withReference(name, async (folder) => {
            const said = await ready(script, folder);
            ok(said.type === "ready", JSON.stringify(said));
            ok(said.checkError !== null && said.checkError < 1e-8, `off by ${said.checkError}`);
          }));
      }
    },
  });

  Deno.test({
    name: `${peer} with another inner step size is found out${why}`,
    ignore: !present,
    fn: () =>
      withReference("sinusoid-maml-s1", async (folder) => {
        const path = join(folder, "job.json");
        const job = JSON.parse(await Deno.readTextFile(path));
        await Deno.writeTextFile(path, JSON.stringify({ ...job, inner_lr: job.inner_lr * 1.001 }));
        const said = await ready(script, folder);
        ok(said.type === "ready", JSON.stringify(said));
        ok(said.checkError !== null && said.checkError > 1e-6, `off by only ${said.checkError}`);
      }),
  });
}

Deno.test({
  name: `a peer that is not installed says so (ignored where ${PYTHON} has it, or is missing)`,
  ignore: torch || !(await has("json")),
  fn: () =>
    withReference("sinusoid-maml-s1", async (folder) => {
      const said = await ready("torch_loop.py", folder);
      equal(said.type, "missing");
      match((said as Unable).reason, /this Python has no torch/);
    }),
});
