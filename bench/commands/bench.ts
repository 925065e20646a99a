/** `deno task bench`: the command line. */
import { runBench } from "../executors/program.ts";

if (import.meta.main) Deno.exit(await runBench(Deno.args));
