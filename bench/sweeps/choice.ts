/** Names chosen among many: "all", "all,-scratch", or "-scratch" for a sweep's own but one. */
import { UsageError } from "../../common/errors.ts";
import { unknownName } from "../../common/suggest.ts";

/** What is chosen among. */
export interface Choice {
  /** For messages: "--algorithms". */
  readonly flag: string;
  /** For messages: "algorithm". */
  readonly kind: string;
  /** All that there are, in their order. */
  readonly known: readonly string[];
  /** Those that "all" stands for. */
  readonly all: readonly string[];
  /** Those that there are without the flag. */
  readonly own: readonly string[];
}

/**
 * The names that a list comes to, read from left to right: a name adds itself, "all" adds all, and a name behind a hyphen is taken away again. A list that
 * begins by taking away starts from those that there are without the flag.
 *
 * @throws UsageError when a name is unknown, is taken away without being there, or nothing is left
 */
export function chosenNames(list: readonly string[], { flag, kind, known, all, own }: Choice): string[] {
  const chosen = new Set(list[0]?.startsWith("-") ? own : []);
  for (const word of list) {
    const name = word.replace(/^-/, "");
    if (word === "all") { for (const one of all) chosen.add(one); }
    else if (!known.includes(name)) throw new UsageError(`${flag}: ${unknownName(kind, name, known)}`);
    else if (name === word) chosen.add(name);
    else if (!chosen.delete(name)) {
      throw new UsageError(
        `${flag} ${list.join(",")}: "${name}" cannot be taken away, since it is not among ${[...chosen].join(", ")}`,
      );
    }
  }
  if (chosen.size === 0) throw new UsageError(`${flag} ${list.join(",")}: nothing is left; take fewer away`);
  return [...chosen];
}
