import { deepStrictEqual as equal, match, ok, rejects, throws } from "node:assert/strict";
import { join } from "node:path";
import {
  adapt,
  algorithms,
  descend,
  drawEpisode,
  maml,
  mtl,
  openData,
  ops,
  perTask,
  taskGradients,
  train,
  variantOf,
  verdict,
} from "./mod.ts";
import { openBackend } from "../../algorithms/tensor/backends.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { Subprocess } from "../../common/subprocess.ts";
import { judge } from "../../reports/statistics/judge.ts";
import { dataSets } from "../../data/mod.ts";
import { evaluate } from "../units/evaluate.ts";
import { dataSetOf } from "./data.ts";
import { specOf } from "./train.ts";

const FEW = { iterations: 8, metaBatch: 4, seed: 3 };

Deno.test("a state is adapted to an episode as runs adapt it to their test episodes, by gradient and by a solved head", async () => {
  const data = await openData("sinusoid");
  const backend = await openBackend("wasm");
  for (const [algorithm, adapter] of [[maml, "gradient"], [mtl, "ridge"], [mtl, "gradient"]] as const) {
    const learned = await train(algorithm, data, FEW);
    const spec = specOf(learned);
    const gradient = adapter === "gradient";
    const { curve } = await evaluate(
      spec,
      {
        ...{ adapter, shots: 5, innerSteps: gradient ? [3] : [], adaptDepth: "native" },
        ...{ taskStart: algorithm === mtl ? "mean" : null, innerLrs: gradient ? [spec.hyper.innerLr] : [] },
        ...{ episodes: 3, testQueries: 100 },
      },
      learned.state,
      dataSetOf(data),
      backend,
    );
    for (const [index, expected] of curve[0].scores.entries()) {
      const { score } = await adapt(learned, drawEpisode(data, index), { adapter, steps: 3 });
      ok(score !== null && expected !== null && Math.abs(score / expected - 1) < 1e-4, `${score} and ${expected}`);
    }
  }
});

Deno.test("the same call trains the same state, and another seed another one", async () => {
  const data = await openData("sinusoid");
  const [first, again, other] = await Promise.all([
    train(mtl, data, FEW),
    train(mtl, data, FEW),
    train(mtl, data, { ...FEW, seed: 4 }),
  ]);
  equal(first.state, again.state);
  ok(first.state["dense1.weight"][0] !== other.state["dense1.weight"][0]);
});

Deno.test("MAML with its inner gradients held constant by a variant is first-order MAML, bit for bit", async () => {
  const variant = variantOf(maml, "held-constant", ({ network, params, batch: [support, query], mask, ...step }) => {
    let theta = perTask(params, mask, support.x.shape[0]);
    for (let s = 0; s < step.innerSteps; s++) {
      const losses = step.lossPerTask(network.outputs(theta, support.x), support.y);
      const constant = taskGradients(losses, theta, mask).map((layer) =>
        layer && Object.fromEntries(Object.entries(layer).map(([name, g]) => [name, ops.stopGradient(g)]))
      );
      theta = descend(theta, constant, step.innerLr);
    }
    return step.lossPerTask(network.queryOutputs(theta, support.x, query.x), query.y);
  });
  const data = await openData("sinusoid");
  const [own, known, second] = await Promise.all(
    [variant, algorithms.fomaml, maml].map((algorithm) => train(algorithm, data, FEW)),
  );
  equal(own.state, known.state);
  ok(own.state["dense1.weight"][0] !== second.state["dense1.weight"][0], "MAML is another one");
  ok(!Object.keys(algorithms).some((name) => name.includes("held-constant")), "tables do not list variants");
  const { score } = await adapt(own, drawEpisode(data, 0), { steps: 1 });
  ok(score !== null);
});

Deno.test("what cannot be trained, adapted or compared is refused in a sentence with the way out", async () => {
  const data = await openData("sinusoid");
  const learned = await train(maml, data, { iterations: 1 });
  const episode = drawEpisode(data, 0);
  const refused: readonly (readonly [() => Promise<unknown>, RegExp])[] = [
    [() => openData("sinusiod"), /Did you mean "sinusoid"/],
    [() => train(algorithms.protonet, data), /protonet on "sinusoid", which is regression: .* classification only/],
    [() => train(maml, data, { iterations: 0 }), /iterations is 0, but takes a whole number of at least 1/],
    [() => train(maml, data, { sharingDepth: 9 }), /maml has no sharing depth 9/],
    [() => train(maml, data, { own: { lambda: 1 } }), /maml has no settings of its own, so no "lambda"/],
    [() => train(maml, data, { backend: "abacus" }), /no backend "abacus"; there is wasm/],
    [() => train({ ...maml, name: "mine" }, data), /"mine" is no algorithm of this library/],
    [() => train(maml, { ...data, name: "mine" }), /was not opened by openData/],
    [() => adapt({ ...learned }, episode), /was not trained by train/],
    [() => adapt(learned, { ...episode, supportY: [1] }), /supportY has 1 numbers; .* would be 5/],
    [() => adapt(learned, { ...episode, queryX: [] }), /queryX has 0 numbers/],
    [() => adapt(learned, episode, { adapter: "logistic" }), /logistic is for classification only/],
    [() => adapt(learned, episode, { steps: -1 }), /steps is -1/],
  ];
  for (const [call, message] of refused) await rejects(call, message);
  throws(() => variantOf(maml, "anil", () => ops.scale({ shape: [] }, 1)), /name of a built-in algorithm/);
  throws(() => variantOf(algorithms.scratch, "mine", () => ops.scale({ shape: [] }, 1)), /it trains nothing/);
  const options = { metric: "accuracy", margin: 1 } as const;
  throws(() => verdict([0.5], [0.5, 0.6], options), /a has 1 seeds and b 2/);
  throws(() => verdict([[0.5], [0.5, 0.6]], [[0.5], [0.5]], options), /has 2 episodes where another has 1/);
  throws(() => verdict([50], [60], options), /score 50, which is no accuracy in \[0, 1\]/);
  throws(() => verdict([[1, null]], [[1, 1]], { metric: "mse", margin: 1.25 }), /give limits/);
  throws(() => verdict([0.5], [0.6], { ...options, margin: 0 }), /margin is 0/);
});

Deno.test("verdicts on scores per episode are those of reports, and one seed is not tested", () => {
  const side = (offset: number) => [0, 1, 2].map((s) => [0, 1, 2, 3].map((e) => 0.5 + offset + 0.01 * s * e));
  const pair = { metric: "accuracy", a: side(0.1), b: side(0), limits: null, margin: 1, flags: [] } as const;
  const { verdict: answer, lo, hi, pDifference } = judge(pair);
  const found = verdict(pair.a, pair.b, { metric: "accuracy", margin: 1 });
  equal([found.verdict, found.lo, found.hi, found.pDifference], [answer, lo, hi, pDifference]);
  equal(found.verdict, "a-better");
  const alone = verdict([0.5], [0.9], { metric: "accuracy", margin: 1 });
  equal([alone.verdict, alone.nSeeds, alone.nEpisodes], ["none", 1, 1]);
  match(alone.needs, /one seed has scores of both; a verdict needs 3/);
});

Deno.test("one number per seed gives Student's interval over seeds", () => {
  const a = [0.9, 0.91, 0.93, 0.9];
  const { lo, hi, nEpisodes } = verdict(a, [0.9, 0.9, 0.9, 0.9], { metric: "accuracy", margin: 1 });
  // Differences 0, 1, 3, 0: mean 1, standard error 0.707, t(0.975; 3) = 3.182; the bootstrap's draws are finitely many.
  ok(lo !== null && Math.abs(lo - -1.25) < 0.1, `${lo}`);
  ok(hi !== null && Math.abs(hi - 3.25) < 0.1, `${hi}`);
  equal(nEpisodes, 1);
});

async function deno(...args: string[]): Promise<{ readonly success: boolean; readonly text: string }> {
  const { success, stdout, stderr } = await Subprocess.deno({ args, env: { NO_COLOR: "1" }, cwd: PROJECT_ROOT })
    .output();
  return { success, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("the examples of docs/library.md run", async () => {
  const { success, text } = await deno("test", "-q", "-P", "--doc", "docs/library.md");
  ok(success, text);
  match(text, /\b5 passed/);
});

Deno.test("everything exported is documented, down to the types it is made of", async () => {
  const { success, text } = await deno("doc", "--lint", "bench/library/mod.ts");
  ok(success, text.split("\n").filter((line) => !/Warning|node_modules|@types/.test(line)).join("\n"));
});

Deno.test("another project can link this one and train", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const links = ["", "links/std-cli", "links/std-csv"].map((path) => join(PROJECT_ROOT, path));
    const imports = { "@bridgebench/bridgebench": "jsr:@bridgebench/bridgebench@^0.1.0" };
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify({ links, imports }));
    const code = `import { maml, openData, train } from "@bridgebench/bridgebench";
      const { status } = await train(maml, await openData("sinusoid"), { iterations: 2 });
      console.log("status " + status);`;
    const main = join(folder, "main.ts");
    await Deno.writeTextFile(main, code);
    const args = ["run", "--check", "--allow-read", "--config", join(folder, "deno.json"), main];
    const { success, text } = await deno(...args);
    ok(success, text);
    match(text, /status ok/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("JSR would refuse this package for its bytes imports of image decoders alone", async () => {
  const { text } = await deno("publish", "--dry-run", "--allow-dirty");
  const errors = [...text.matchAll(/^error\[([\w-]+)\][^]*?--> (\S+?):/gm)].map(([, code, file]) => [
    code,
    file.slice(PROJECT_ROOT.length + 1),
  ]);
  equal(errors, Array(2).fill(["unstable-raw-import", "data/own/images/decode.ts"]), text);
});

Deno.test("every data set has settings that a training can begin with", async () => {
  for (const name of Object.keys(dataSets)) {
    const entry = dataSets[name as keyof typeof dataSets];
    if (await entry.missing("") !== undefined) continue;
    const learned = await train(mtl, await openData(name), { iterations: 1, metaBatch: 2, trainingTasks: 4 });
    equal(learned.status, "ok", name);
  }
});
