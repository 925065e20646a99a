import { deepStrictEqual as equal, ok, throws } from "node:assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { canonicalJson } from "../../common/digest.ts";
import { evaluationAddress, unitAddress } from "./address.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { UsageError } from "../../common/errors.ts";
import { isPresent, writeAtomically } from "../../common/files.ts";
import { planSweep } from "../plan/plan.ts";
import { decodeState, encodeState } from "./state_file.ts";
import { Store } from "./store.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import type { EvaluationResult, TrainingResult } from "./types.ts";

const ID = "ab".repeat(32);
const TRAINING: TrainingResult = {
  status: "ok",
  reason: "",
  iterations: 3,
  curve: [{ iteration: 3, loss: 0.1, maxLoss: 0.2 }],
  restarts: 0,
  flops: 12,
  validation: [{ iteration: 3, score: 0.5, flops: 12 }],
  trend: { improvement: 0.1, standardError: 0.05 },
};
const EVALUATION: EvaluationResult = {
  curve: [{ innerSteps: 1, strength: 0.01, scores: [0.25, null, 1e-7], adaptFlops: 7 }],
  illustrations: [{ innerSteps: 1, predictions: [[0.5], [1]] }],
};
const CHECKPOINT: Checkpoint = {
  iteration: 2,
  since: 1,
  restarts: 0,
  curve: [{ iteration: 1, loss: 0.5, maxLoss: 0.5 }],
  watched: [],
  trainS: 3,
  validateS: 1,
  visits: [1, 0],
  states: [["w", Float32Array.of(1)]],
  kept: [["w", Float32Array.of(2)]],
};
const STATE = { "layer1.weight": Float32Array.of(1, -0, NaN, Infinity, 1e-40), bias: new Float32Array(0) };

async function withFolder(use: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function filesUnder(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory ? filesUnder(path) : [path];
  });
}

Deno.test("an evaluation is in the store exactly when it can be read, whatever bit of it is flipped", () =>
  withFolder((folder) => {
    const store = Store.open(folder);
    equal(store.hasEvaluation(ID), false);
    store.putEvaluation(ID, EVALUATION);
    const path = join(folder, "evaluation", "ab", `${ID}.json`);
    const whole = Deno.readFileSync(path);
    equal(store.hasEvaluation(ID), true);
    for (let i = 0; i < whole.length; i++) {
      for (const read of [() => store.hasEvaluation(ID), () => store.evaluation(ID) !== undefined]) {
        const damaged = whole.slice();
        damaged[i] ^= 1 << (i % 8);
        Deno.writeFileSync(path, damaged);
        equal(read(), false, `byte ${i}`);
        equal(isPresent(path), false, "a damaged entry is set aside");
      }
    }
    Deno.writeFileSync(path, whole.subarray(0, whole.length - 1));
    equal(store.hasEvaluation(ID), false, "half-written");
  }));

Deno.test("what is put into the store comes out bit for bit", () =>
  withFolder((folder) => {
    const store = Store.open(folder);
    store.prepare();
    equal([store.training(ID), store.state(ID), store.evaluation(ID)], [undefined, undefined, undefined]);
    store.putTraining(ID, TRAINING, STATE);
    store.putEvaluation(ID, EVALUATION);
    equal(store.training(ID), TRAINING);
    equal(store.evaluation(ID), EVALUATION);
    const state = store.state(ID);
    for (const [name, values] of Object.entries(STATE)) {
      ok(values.every((value, index) => Object.is(value, state?.[name][index])));
    }
  }));

Deno.test("numbers that JSON cannot carry are kept as null", () =>
  withFolder((folder) => {
    const store = Store.open(folder);
    store.putTraining(ID, { ...TRAINING, curve: [{ iteration: 1, loss: NaN, maxLoss: NaN }] }, STATE);
    equal(store.training(ID)?.curve[0].loss as number | null, null);
  }));

Deno.test("an entry that is truncated or has any byte changed counts as absent and is set aside", () =>
  withFolder((folder) => {
    fc.assert(
      fc.property(
        fc.constantFrom(".json", ".state"),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (kind, at, flip, cut) => {
          const store = Store.open(folder);
          store.putTraining(ID, TRAINING, STATE);
          const path = filesUnder(join(folder, "training")).find((file) => file.endsWith(kind)) ?? "";
          const bytes = Deno.readFileSync(path);
          const position = at % bytes.length;
          const damaged = cut ? bytes.slice(0, position) : bytes.with(position, bytes[position] ^ flip);
          Deno.writeFileSync(path, damaged);
          const found = kind === ".json" ? store.training(ID) : store.state(ID);
          // Another spelling of the same JSON is no damage.
          if (kind === ".json" && found !== undefined) equal(found, TRAINING);
          else {
            equal(found, undefined);
            ok(filesUnder(folder).some((file) => file.endsWith(`${kind}.corrupt`)));
            ok(!filesUnder(folder).includes(path));
          }
        },
      ),
      { numRuns: 60 },
    );
  }));

Deno.test("a file that cannot be finished leaves the old one and no remains", () =>
  withFolder((folder) => {
    const path = join(folder, "entry");
    writeAtomically(path, "old");
    Deno.mkdirSync(join(folder, "taken"));
    throws(() => writeAtomically(join(folder, "taken"), "new"));
    equal(Deno.readTextFileSync(path), "old");
    equal([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["entry", "taken"]);
  }));

Deno.test("states of any content survive being a file", () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.float32Array()), (tensors) => {
    const decoded = decodeState(encodeState(tensors));
    equal(decoded === undefined ? undefined : Object.keys(decoded).sort(), Object.keys(tensors).sort());
    for (const [name, values] of Object.entries(tensors)) {
      ok(
        values.length === decoded?.[name].length &&
          values.every((value, index) => Object.is(value, decoded?.[name][index])),
      );
    }
  }));
});

Deno.test("a store of another format, or one that cannot be told, is refused with the way out", () =>
  withFolder((folder) => {
    for (
      const [content, message] of [
        ['{"format":3}', /has format 3; this one reads and writes 2\. Choose another --store, or update$/],
        ['{"format":0}', /has format 0, of an older version; .* or remove that one, which costs only time$/],
        ['{"form', /has a damaged store\.json; choose another --store, or remove that file$/],
      ] as const
    ) {
      Deno.writeTextFileSync(join(folder, "store.json"), content);
      throws(() => Store.open(folder), (error) => error instanceof UsageError && message.test(error.message));
      equal(Deno.readTextFileSync(join(folder, "store.json")), content);
    }
  }));

Deno.test("preparing clears broken-off writes of an hour ago and checkpoints of finished trainings, and nothing else", () =>
  withFolder((folder) => {
    const store = Store.open(folder);
    store.putTraining(ID, TRAINING, STATE);
    const other = "cd".repeat(32);
    for (const id of [ID, other]) store.putCheckpoint(id, CHECKPOINT);
    const [old, fresh] = ["old.tmp", "fresh.tmp"].map((name) => join(folder, "training", "ab", name));
    Deno.writeTextFileSync(old, "");
    Deno.writeTextFileSync(fresh, "");
    Deno.utimeSync(old, new Date(), new Date(Date.now() - 3_700_000));
    store.prepare();
    equal([old, fresh].map(isPresent), [false, true]);
    equal([store.checkpoint(ID), store.checkpoint(other)], [undefined, CHECKPOINT]);
    ok(store.training(ID) !== undefined && store.state(ID) !== undefined);
  }));

Deno.test("a write whose unfinished file is cleared away by a process with a wrong clock is made again", () =>
  withFolder((folder) => {
    let times = 0;
    writeAtomically(join(folder, "entry"), function* () {
      if (++times === 1) { for (const { name } of Deno.readDirSync(folder)) Deno.removeSync(join(folder, name)); }
      yield new TextEncoder().encode("whole");
    });
    equal([times, Deno.readTextFileSync(join(folder, "entry"))], [2, "whole"]);
    equal([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("a checkpoint that is damaged or of another unit is set aside and not taken up", () =>
  withFolder((folder) => {
    const store = Store.open(folder);
    const place = (id: string) => join(folder, "checkpoint", id.slice(0, 2), `${id}.checkpoint`);
    store.putCheckpoint(ID, CHECKPOINT);
    equal(store.checkpoint(ID), CHECKPOINT);
    Deno.truncateSync(place(ID), 50);
    equal([store.checkpoint(ID), isPresent(`${place(ID)}.corrupt`)], [undefined, true]);
    const twin = `ab${"c".repeat(62)}`;
    store.putCheckpoint(twin, CHECKPOINT);
    Deno.renameSync(place(twin), place(ID));
    equal(store.checkpoint(ID), undefined);
  }));

Deno.test("states and checkpoints that somebody has changed and given the digest that fits are set aside like others", () =>
  withFolder((folder) => {
    const store = Store.open(folder);
    const changes: readonly ((head: string) => string)[] = [
      () => "{",
      () => "null",
      () => '[["w",1e9]]',
      (head) => head.replace(/"length":\d+/, '"length":1e12'),
      (head) => head.replace(/"part":"states"/, '"part":"__proto__"'),
      (head) => head.replace(/"visits":\[[^\]]*\]/, '"visits":null').replace(/",\d+\]/, '",-1]'),
    ];
    for (const change of changes) {
      store.putCheckpoint(ID, CHECKPOINT);
      store.putTraining(ID, TRAINING, STATE);
      for (
        const [path, read] of [
          [join(folder, "checkpoint", "ab", `${ID}.checkpoint`), () => store.checkpoint(ID)],
          [join(folder, "training", "ab", `${ID}.state`), () => store.state(ID)],
        ] as const
      ) {
        const bytes = Deno.readFileSync(path);
        const start = bytes.indexOf(10) + 1;
        const end = bytes.indexOf(10, start);
        const head = new TextDecoder().decode(bytes.subarray(start, end));
        if (change(head) === head) continue;
        const changed = [bytes.subarray(0, start), new TextEncoder().encode(change(head)), bytes.subarray(end, -32)];
        const hash = createHash("sha256");
        for (const part of changed) hash.update(part);
        Deno.writeFileSync(path, Uint8Array.from([...changed, hash.digest()].flatMap((part) => [...part])));
        equal([read(), isPresent(`${path}.corrupt`)], [undefined, true], `${path}: ${change(head)}`);
        Deno.removeSync(`${path}.corrupt`);
      }
    }
  }));

Deno.test("canonical JSON does not depend on the order of keys and refuses what JSON cannot carry", () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
    const reversed = Object.fromEntries(Object.entries(value).reverse());
    equal(canonicalJson(reversed), canonicalJson(value));
    equal(JSON.stringify(JSON.parse(canonicalJson(value))), JSON.stringify(JSON.parse(canonicalJson(value))));
  }));
  throws(() => canonicalJson({ loss: NaN }), /no canonical JSON/);
});

Deno.test("everything that determines a result is in its address", () => {
  const { units } = planSweep(fakeSweep(), FAKES, PLAIN_ADDRESSES);
  const { spec, evaluations } = units[0];
  const provenance = { backend: "wasm", dataDigest: "d", trainCode: "c" };
  const changes = [
    unitAddress(spec, provenance),
    unitAddress({ ...spec, seed: 9 }, provenance),
    unitAddress({ ...spec, hidden: [1] }, provenance),
    unitAddress({ ...spec, hyper: { ...spec.hyper, clip: null } }, provenance),
    unitAddress(spec, { ...provenance, backend: "cpu" }),
    unitAddress(spec, { ...provenance, dataDigest: "e" }),
    unitAddress(spec, { ...provenance, trainCode: "e" }),
    evaluationAddress("u", evaluations[0].spec, "c"),
    evaluationAddress("v", evaluations[0].spec, "c"),
    evaluationAddress("u", { ...evaluations[0].spec, episodes: 1 }, "c"),
    evaluationAddress("u", evaluations[0].spec, "d"),
  ];
  equal(new Set(changes).size, changes.length);
  equal(unitAddress({ ...spec }, { ...provenance }), changes[0]);
});
