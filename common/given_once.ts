/** Flags that somebody gives twice: which one is meant is not known. */
import { UsageError } from "./errors.ts";

/** @throws UsageError where one of these flags with a value is given more than once */
export function requireGivenOnce(argv: readonly string[], names: readonly string[]): void {
  for (const name of names) {
    const count = argv.filter((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`)).length;
    if (count > 1) throw new UsageError(`--${name} is given ${count} times; give it once`);
  }
}
