/**
 * Stand-in for `@std/cli/parse-args` where JSR cannot be reached: the part of its interface that this project uses, on
 * top of npm's minimist, whose behaviour it otherwise shares.
 *
 * Where the two differ, this module follows the standard library: a repeated flag's last value wins unless the flag is
 * collected, a collected flag is always an array, and only a negatable flag can be negated by `--no-`.
 *
 * @module
 */
// @ts-types="@types/minimist"
import minimist from "minimist";

/** Options of {@linkcode parseArgs}. */
export interface ParseOptions<
  B extends string = never,
  S extends string = never,
  C extends string = never,
  N extends string = never,
  D extends Record<string, unknown> = Record<never, never>,
> {
  /** Collect what follows `--` under the key `"--"` instead of `_`. */
  "--"?: boolean;
  /** Other names of a flag. */
  alias?: Record<string, string | readonly string[]>;
  /** Flags that are always booleans; false when absent. */
  boolean?: readonly B[];
  /** Flags that may be given more than once; an array, empty when absent. */
  collect?: readonly C[];
  /** Values of flags that were not given. */
  default?: D;
  /** Flags that `--no-<flag>` sets to false. */
  negatable?: readonly N[];
  /** Leave everything after the first positional argument unparsed. */
  stopEarly?: boolean;
  /** Flags that are always strings: `"1"` stays `"1"`. The name `"_"` stands for the positional arguments. */
  string?: readonly S[];
  /** Called with every argument that no option names (`key` is undefined for positional ones); false drops the argument. */
  unknown?: (arg: string, key?: string) => unknown;
}

/** What {@linkcode parseArgs} returns: `_` has the positional arguments, every flag is a property. */
export type Args<
  B extends string = never,
  S extends string = never,
  C extends string = never,
  N extends string = never,
  D extends Record<string, unknown> = Record<never, never>,
> =
  & { _: (string | number)[]; [flag: string]: unknown }
  & { [K in Exclude<B, keyof D>]: boolean }
  & { [K in Extract<B, keyof D>]: boolean | D[K] }
  & { [K in Exclude<S, C | keyof D>]?: K extends N ? string | false : string }
  & { [K in Exclude<Extract<S, keyof D>, C>]: (K extends N ? string | false : string) | D[K] }
  & { [K in Extract<S, C>]: string[] };

/** Put before names that begin with `no-`, so that minimist does not take them for negations. */
const LITERAL = "\0";

/**
 * Parses command line arguments.
 *
 * @param args the arguments, as in `Deno.args`
 * @param options which flags are strings, booleans, collected, negatable
 * @returns the positional arguments as `_` and one property per flag
 */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
  const N extends string = never,
  D extends Record<string, unknown> = Record<never, never>,
>(args: string[], options: ParseOptions<B, S, C, N, D> = {}): Args<B, S, C, N, D> {
  const negatable = withAliases(options.negatable, options.alias);
  const collect = withAliases(options.collect, options.alias);
  const mark = (name: string) => name.startsWith("no-") && !negatable.has(name.slice(3)) ? LITERAL + name : name;
  const end = args.indexOf("--") < 0 ? args.length : args.indexOf("--");
  const marked = args.map((arg, i) => i < end && arg.startsWith("--") ? `--${mark(arg.slice(2))}` : arg);
  const { unknown } = options;

  const parsed = minimist(marked, {
    "--": options["--"] ?? false,
    stopEarly: options.stopEarly ?? false,
    string: (options.string ?? []).map(mark),
    boolean: (options.boolean ?? []).map(mark),
    alias: Object.fromEntries(
      Object.entries(options.alias ?? {}).map(([name, other]) => [mark(name), [other].flat().map(mark)]),
    ),
    default: Object.fromEntries(Object.entries(options.default ?? {}).map(([name, value]) => [mark(name), value])),
    ...(unknown && {
      unknown(arg: string): boolean {
        const plain = arg.replace(LITERAL, "");
        const key = /^--?([^=]+)/.exec(plain)?.[1];
        return (key === undefined ? unknown(plain) : unknown(plain, key)) !== false;
      },
    }),
  });

  const result: Record<string, unknown> = {};
  for (const [markedName, value] of Object.entries(parsed)) {
    const name = markedName.replace(LITERAL, "");
    const untouched = name === "_" || name === "--" || value === options.default?.[name];
    if (untouched) result[name] = value;
    else if (collect.has(name)) result[name] = Array.isArray(value) || value === false ? value : [value];
    else result[name] = Array.isArray(value) ? value.at(-1) : value;
  }
  for (const name of collect) result[name] ??= [];
  return result as Args<B, S, C, N, D>;
}

/** The names and every alias of each. */
function withAliases(names: readonly string[] = [], alias: ParseOptions["alias"] = {}): Set<string> {
  const groups = Object.entries(alias).map(([name, other]) => [name, ...[other].flat()]);
  return new Set(names.flatMap((name) => [name, ...groups.filter((group) => group.includes(name)).flat()]));
}
