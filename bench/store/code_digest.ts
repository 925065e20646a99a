/**
 * Digests of the code that a result depends on, so that a change of it changes the result's address, and only then: adding an
 * algorithm, a report or a test leaves every other result where it is.
 */
import { dirname, extname, join } from "node:path";
import { canonicalJson, sha256 } from "../../common/digest.ts";
import { PROJECT_ROOT } from "../../common/project.ts";

/** Tables that name everything of a kind: a result depends on the entries that it uses, not on all of them. */
const TABLES: readonly string[] = ["", "adapters/", "models/", "optimisers/"].map((kind) =>
  `algorithms/${kind}registry.ts`
);
const IMPORTS = /(?:\bfrom|\bimport)\s*\(?\s*"([^"\n]+)"/g;
/** Files that code loads beside itself, such as compiled kernels. */
const LOADED = /\bnew URL\(\s*"([^"\n]+)"\s*,\s*import\.meta\.url\s*\)/g;
const TYPE_IMPORTS = /\b(?:import|export)\s+type\s[^;"]*from\s*"[^"\n]+"/g;

/** What a training or an evaluation uses of the tables, by name. */
export interface CodeSubject {
  readonly algorithm: string;
  readonly model: string;
  readonly optimiser: string;
  /** The adapter of an evaluation, or the native one, which a training is watched with. */
  readonly adapter: string;
  /** `DataSetEntry.sourceFiles` */
  readonly dataFiles: readonly string[];
  /** `BackendEntry.sourceFile` of the one that computes; the others have no part in the result. */
  readonly backendFile: string;
}

/** The file of an entry of a table: hyphens of its name are underscores there. */
function fileOf(kind: string, name: string): string {
  return `algorithms/${kind}${name.replaceAll("-", "_")}.ts`;
}

/** Reads the code under a root and digests what results depend on. */
export class CodeDigester {
  readonly #root: string;
  readonly #sources = new Map<string, string>();
  readonly #digests = new Map<string, string>();
  readonly #closures = new Map<string, ReadonlySet<string>>();
  #packages: Readonly<Record<string, string>> | undefined;

  constructor(root: string = PROJECT_ROOT) {
    this.#root = root;
  }

  /** Of the code that trains this. */
  train(subject: CodeSubject): string {
    return this.#of("bench/units/train.ts", subject);
  }

  /** Of the code that evaluates what was trained. */
  evaluate(subject: CodeSubject): string {
    return this.#of("bench/units/evaluate.ts", subject);
  }

  #of(entry: string, { algorithm, model, optimiser, adapter, dataFiles, backendFile }: CodeSubject): string {
    const files = [
      entry,
      fileOf("", algorithm),
      fileOf("models/", model),
      fileOf("optimisers/", optimiser),
      fileOf("adapters/", adapter),
      ...dataFiles,
      backendFile,
    ];
    const key = files.join(" ");
    const known = this.#digests.get(key) ?? this.#digest(files);
    this.#digests.set(key, known);
    return known;
  }

  /** The files that a digest over these entry files covers, relative to the root. */
  files(entries: readonly string[]): string[] {
    const all = new Set<string>();
    for (const entry of entries) for (const file of this.#closure(entry)) all.add(file);
    return [...all].sort();
  }

  #digest(entries: readonly string[]): string {
    const files = this.files(entries);
    const packages = new Set(files.flatMap((file) => this.#bareImports(file)));
    return sha256(canonicalJson({
      files: files.map((file) => [file, sha256(this.#source(file))]),
      packages: [...packages].sort(),
    }));
  }

  /** The files that an entry file imports or loads, directly or not, types apart; itself included. */
  #closure(entry: string): ReadonlySet<string> {
    const known = this.#closures.get(entry);
    if (known !== undefined) return known;
    const found = new Set<string>();
    const waiting = [entry];
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (found.has(file) || TABLES.includes(file)) continue;
      found.add(file);
      for (const specifier of this.#imports(file)) {
        if (specifier.startsWith(".")) waiting.push(join(dirname(file), specifier));
      }
      waiting.push(...this.#loaded(file));
    }
    this.#closures.set(entry, found);
    return found;
  }

  #imports(file: string): string[] {
    if (extname(file) !== ".ts") return [];
    const code = this.#source(file).replace(TYPE_IMPORTS, "");
    return [...code.matchAll(IMPORTS)].map((match) => match[1])
      .filter((specifier) => !specifier.startsWith(".") || this.#exists(join(dirname(file), specifier)));
  }

  #loaded(file: string): string[] {
    if (extname(file) !== ".ts") return [];
    return [...this.#source(file).matchAll(LOADED)].map((match) => join(dirname(file), match[1]))
      .filter((path) => this.#exists(path));
  }

  /** Packages that a file imports, each with the version asked for. */
  #bareImports(file: string): string[] {
    this.#packages ??= JSON.parse(this.#source("deno.json")).imports as Record<string, string>;
    const packages = this.#packages;
    return this.#imports(file).flatMap((specifier) => {
      const name = Object.keys(packages).find((key) => specifier === key || specifier.startsWith(`${key}/`));
      return name === undefined ? [] : [packages[name]];
    });
  }

  #exists(file: string): boolean {
    if (this.#sources.has(file)) return true;
    try {
      return Deno.statSync(join(this.#root, file)).isFile;
    } catch {
      return false;
    }
  }

  #source(file: string): string {
    const known = this.#sources.get(file);
    if (known !== undefined) return known;
    const path = join(this.#root, file);
    // Line ends are the checkout's, not the code's.
    const text = extname(file) === ".wasm"
      ? sha256(Deno.readFileSync(path))
      : Deno.readTextFileSync(path).replaceAll("\r\n", "\n");
    this.#sources.set(file, text);
    return text;
  }
}
