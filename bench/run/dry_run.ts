/** `--dry-run`: what a sweep comes down to. */
import { join } from "node:path";
import { describeComparisons, describePlan, describeTuning } from "./describe.ts";
import { describePower } from "./describe_power.ts";
import { EXIT } from "../../common/errors.ts";
import { Estimator } from "../plan/estimate.ts";
import type { Flags } from "../flags/flags.ts";
import { checkOut } from "./out_folder.ts";
import { missingUnits, prepare } from "./prepare.ts";
import type { Request } from "./request.ts";
import type { Console } from "./progress.ts";
import { unplanned, unplannedText } from "../plan/unplanned.ts";
import { shardName, shareOf } from "../plan/shard.ts";
import { describeBackend } from "./run.ts";
import { Store } from "../store/store.ts";
import { chooseTuned, trialUnits, tunedValues, withTrials } from "../plan/tuning.ts";
import type { TrainingUnit } from "../store/types.ts";

/** Shows the plan; writes nothing. */
export async function dryRun(request: Request, flags: Flags, output: Console): Promise<number> {
  checkOut(request.out, request.digest, flags.fresh);
  const store = Store.open(request.store);
  const empty = flags.fresh || !hasEntries(store);
  const prepared = await prepare(request, flags.backend, true);
  const lacking = (units: readonly TrainingUnit[]) => empty ? [...units] : missingUnits(units, store);
  const { trials, catalog } = prepared;
  const choices = chooseTuned(trials, catalog, (id) => empty ? undefined : store.training(id));
  const chosen = prepared.plan(tunedValues(choices));
  const plan = withTrials(chosen, trials);
  const { shard } = flags;
  const share = (units: readonly TrainingUnit[]) => shard === undefined ? units : shareOf(units, shard, catalog);
  const own = new Set([...share(trialUnits(trials)), ...share(chosen.units)]);
  const missing = lacking(shard === undefined ? plan.units : [...own]);
  const estimator = new Estimator(catalog, store.trainingTimings());
  output.print(`Sweep "${request.sweep.name}" (${request.digest.slice(0, 8)}) to ${request.out}`);
  output.print(describeBackend(prepared));
  for (const line of describeTuning(trials, lacking(trialUnits(trials)).length)) output.print(line);
  if (shard !== undefined) output.print(`Share ${shardName(shard)}: ${own.size} of these ${plan.units.length} units`);
  for (const line of describePlan(plan, catalog, estimator, missing, flags.workers)) output.print(line);
  for (const found of unplanned(prepared.sweep, catalog)) output.print(`No cells: ${unplannedText(found)}`);
  for (const line of describeComparisons(prepared.sweep, chosen, catalog)) output.print(line);
  for (const line of describePower(prepared.sweep, chosen, catalog)) output.print(line);
  return EXIT.ok;
}

function hasEntries(store: Store): boolean {
  try {
    return Deno.statSync(join(store.folder, "training")).isDirectory;
  } catch {
    return false;
  }
}
