import { deepStrictEqual as equal, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { continued, traced, traceParent } from "../../common/tracing.ts";
import { Subprocess } from "../../common/subprocess.ts";

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

/** A collector that speaks OTLP/HTTP with JSON. */
function collector(): { readonly address: string; readonly spans: Span[]; shutdown(): Promise<void> } {
  const spans: Span[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const body = await request.json();
    if (new URL(request.url).pathname === "/v1/traces") {
      for (const { scopeSpans } of body.resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    }
    return Response.json({});
  });
  return { address: `http://127.0.0.1:${server.addr.port}`, spans, shutdown: () => server.shutdown() };
}

/** A run of one training and its evaluations, as a user starts it. */
async function bench(out: string, env: Record<string, string>): Promise<{ code: number; err: string }> {
  const axes = [
    "--algorithms",
    "fomaml",
    "--shots",
    "5",
    "--inner-steps",
    "1",
    "--sharing-depths",
    "0",
    "--seeds",
    "7",
  ];
  const { code, stderr } = await Subprocess.deno({
    args: ["run", "-q", "--no-prompt", "-P=bench", join("bench", "commands", "bench.ts"), "--profile", "smoke", ...axes]
      .concat(
        ["--out", out, "--workers", "1", "--quiet"],
      ),
    cwd: PROJECT_ROOT,
    env,
  }).output();
  return { code, err: new TextDecoder().decode(stderr) };
}

const valueOf = ({ attributes }: Span, name: string) => {
  const value = attributes.find(({ key }) => key === `bridgebench.${name}`)?.value;
  return value === undefined ? undefined : Object.values(value)[0];
};

Deno.test("with OTEL_DENO a collector gets the spans of run, stage, unit, training and evaluations, workers' ones below their unit", async () => {
  const out = await Deno.makeTempDir();
  const { address, spans, shutdown } = collector();
  try {
    const { code, err } = await bench(out, {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: address,
    });
    equal([code, err], [0, ""]);
    const named = (name: string) => spans.filter((span) => span.name === name);
    const [run] = named("run");
    const [train] = named("stage train");
    const unit = named("unit").find(({ parentSpanId }) => parentSpanId === train.spanId);
    ok(unit !== undefined);
    const training = named("training").find(({ parentSpanId }) => parentSpanId === unit.spanId);
    const evaluations = named("evaluation").filter(({ parentSpanId }) => parentSpanId === unit.spanId);
    ok(training !== undefined && evaluations.length > 0);
    strictEqual(train.parentSpanId, run.spanId);
    ok(spans.every(({ traceId }) => traceId === run.traceId), "all of a run is one trace");
    equal(["dataset", "algorithm", "seed"].map((name) => String(valueOf(training, name))), ["sinusoid", "fomaml", "7"]);
    ok(Number(valueOf(training, "flops")) > 0 && Number(valueOf(training, "iterations")) > 0);
    for (const span of [unit, training, ...evaluations]) strictEqual(valueOf(span, "status"), "ok");
    for (const part of ["collect", "verdicts", "tables", "figures"]) strictEqual(named(`report ${part}`).length, 1);
  } finally {
    await shutdown();
    await Deno.remove(out, { recursive: true });
  }
});

Deno.test("without OTEL_DENO work is done as if it were called, and nothing is sent along", async () => {
  strictEqual(await traced("work", { seed: 1 }, (note) => (note({ status: "ok" }), 42)), 42);
  await rejects(traced("work", {}, () => Promise.reject(new Error("broken"))), /^Error: broken$/);
  strictEqual(traceParent(), undefined);
  strictEqual(await continued(undefined, () => Promise.resolve("done")), "done");
});
