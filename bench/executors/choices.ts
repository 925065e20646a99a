/** What the flags of this machine choose among. */
import { backendEntries } from "../../algorithms/tensor/backends.ts";
import type { FlagChoices } from "../flags/flag_table.ts";
import { sweeps } from "../sweeps/registry.ts";
import { executors } from "./registry.ts";

/** What the flags of this machine choose among. */
export const CHOICES: FlagChoices = {
  profiles: Object.keys(sweeps),
  backends: Object.keys(backendEntries),
  executors: Object.keys(executors),
  cores: navigator.hardwareConcurrency,
};
