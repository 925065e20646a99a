/** `deno task bench`: the command line. */
import { runCommand } from "../../common/command.ts";
import { runBench } from "../executors/program.ts";

if (import.meta.main) await runCommand(runBench);
