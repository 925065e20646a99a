/** Text about how far a run is. */
import { alignColumns } from "../run/describe.ts";
import { formatDuration } from "../plan/estimate.ts";
import type { StatusFile } from "../run/live_status.ts";
import { type RunState, UNIT_STATES } from "./run_state.ts";
import { shellWord } from "../../common/shell.ts";

/** Most kinds of failure, and most processes, that are listed. */
const MAX_LINES = 20;

/** Lines for people. */
export function describeState(state: RunState): string[] {
  const { out, sweep, backend, executor, shard, stages, report, failures, running, jobs, remarks, complete, live } =
    state;
  const share = shard === null ? "" : `, share ${shard}`;
  const shown = UNIT_STATES.filter((name) => name !== "unknown" || stages.some((counts) => counts.unknown > 0));
  const table = [
    ["stage", "units", ...shown],
    ...stages.map((counts) => [
      counts.stage,
      `${counts.units}`,
      ...shown.map((name) => `${counts[name]}`),
    ]),
  ];
  return [
    `Sweep "${sweep}" in ${out} (${executor}, backend ${backend}${share})`,
    ...alignColumns(table).map((line) => `  ${line}`),
    ...shard === null ? [`  report ${report}`] : [],
    ...jobs.map((job) => `Job ${job}`),
    ...cut(running.map(describeProcess)),
    ...live === null ? [] : describeLive(live),
    ...cut(
      failures.map(({ reason, units, example, log }) =>
        `Failed: ${units} unit${units === 1 ? "" : "s"} (${example}): ${reason}${log === "" ? "" : `; log: ${log}`}`
      ),
    ),
    ...remarks.map((remark) => `Note: ${remark}`),
    advice(state, complete),
  ];
}

function cut(lines: readonly string[]): string[] {
  const more = lines.length - MAX_LINES;
  return more > 0 ? [...lines.slice(0, MAX_LINES), `  and ${more} more`] : [...lines];
}

function describeProcess({ host, pid, job, units }: RunState["running"][number]): string {
  const at = units.map(({ id, phase, iteration, iterations }) =>
    `${id.slice(0, 12)} (${phase === "train" ? "training" : "evaluating"}, ${percent(iteration, iterations)})`
  );
  return `Running on ${host}${job === "" ? `, process ${pid}` : `, task ${job}`}: ${at.join(", ") || "starting"}`;
}

function describeLive({ cells, etaS, stage, updated }: StatusFile): string[] {
  const parts = [
    ...cells === null ? [] : [`${cells.done} of ${cells.total} cells`],
    ...etaS === null ? [] : [`about ${formatDuration(etaS)} left of stage ${stage}`],
  ];
  return parts.length === 0 ? [] : [`  ${parts.join(", ")}, as of ${updated}`];
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "0 %" : `${Math.floor(100 * part / whole)} %`;
}

function advice({ out, stages, running, jobs, shard, queueKnown }: RunState, complete: boolean): string {
  if (complete) return shard === null ? "Complete" : "This share is complete; deno task merge puts all shares together";
  if (!queueKnown) {
    return `Whether anything is queued or running is not known; deno task status --out ${shellWord(out)} asks again`;
  }
  if (running.length > 0 || jobs.length > 0) {
    return `In progress; deno task status --out ${shellWord(out)} shows this again`;
  }
  const left = stages.some(({ units, done }) => done < units);
  return left
    ? "Nothing is running: the same deno task bench command computes what is missing"
    : "All is computed: the same deno task bench command writes rows and report";
}
