/**
 * Spans for OpenTelemetry, through what Deno has built in (`OTEL_DENO=true`). Off unless that is set: then nothing is loaded, and work is done as if it
 * were called directly. Nothing that is computed depends on it.
 */
import type { Attributes } from "@opentelemetry/api";

/** Where Deno puts itself, as OpenTelemetry's interface asks, when tracing is on. */
const REGISTERED = Symbol.for("opentelemetry.js.api.1");
const api = REGISTERED in globalThis ? await import("@opentelemetry/api") : undefined;
const tracer = api?.trace.getTracer("bridgebench");

/** What a span says; null for nothing. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** Where a span is, in W3C's headers: what another process needs to continue it. */
export type TraceParent = Readonly<Record<string, string>>;

/**
 * Does work in a span of its own, below the one it is called in. What it throws is recorded as an error and thrown on.
 *
 * @param attributes names get the prefix `bridgebench.`; null values are left out
 */
export async function traced<T>(
  name: string,
  attributes: Facts,
  work: (note: (more: Facts) => void) => T | Promise<T>,
): Promise<T> {
  if (api === undefined || tracer === undefined) return await work(() => {});
  return await tracer.startActiveSpan(name, { attributes: prefixed(attributes) }, async (span) => {
    try {
      return await work((more) => span.setAttributes(prefixed(more)));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      span.setStatus({ code: api.SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The span in hand, for another process; undefined when nothing is recorded. */
export function traceParent(): TraceParent | undefined {
  if (api === undefined) return undefined;
  const carrier: Record<string, string> = {};
  api.propagation.inject(api.context.active(), carrier);
  return carrier;
}

/** Does work below a span of another process. */
export async function continued<T>(parent: TraceParent | undefined, work: () => Promise<T>): Promise<T> {
  if (api === undefined || parent === undefined) return await work();
  return await api.context.with(api.propagation.extract(api.context.active(), parent), work);
}

function prefixed(attributes: Facts): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => value === null ? [] : [[`bridgebench.${name}`, value]]),
  );
}
