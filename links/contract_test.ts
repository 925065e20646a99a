/**
 * What this project relies on in @std/cli and @std/csv, as their documentation states it. Runs against whichever is in
 * force: the stand-ins beside this file, or JSR's own packages (`deno test --config deno.jsr.json links`).
 */
import { deepStrictEqual as equal, throws } from "node:assert";
import { parseArgs } from "@std/cli/parse-args";
import { parse, stringify } from "@std/csv";
import { parse as parseAlone } from "@std/csv/parse";
import { stringify as stringifyAlone } from "@std/csv/stringify";

/** Strips prototypes and getters that a parser may leave on its result. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

Deno.test("parseArgs keeps string flags as strings and makes boolean flags false when absent", () => {
  const args = parseArgs(["--shots", "1", "--dry-run", "--out=a=b"], {
    string: ["shots", "out", "seeds"],
    boolean: ["dry-run", "fresh"],
  });
  equal(plain(args), { _: [], shots: "1", out: "a=b", "dry-run": true, fresh: false });
  equal(args.seeds, undefined);
});

Deno.test("parseArgs gives an empty string to a string flag without a value", () => {
  const args = parseArgs(["--shots", "--out"], { string: ["shots", "out"] });
  equal(plain(args), { _: [], shots: "", out: "" });
});

Deno.test("parseArgs does not let a boolean flag swallow the argument after it", () => {
  equal(plain(parseArgs(["--fresh", "smoke"], { boolean: ["fresh"] })), { _: ["smoke"], fresh: true });
  equal(plain(parseArgs(["--fresh", "false"], { boolean: ["fresh"] })), { _: [], fresh: false });
  equal(plain(parseArgs(["--fresh=false"], { boolean: ["fresh"] })), { _: [], fresh: false });
});

Deno.test("parseArgs turns undeclared numbers and positional numbers into numbers", () => {
  equal(plain(parseArgs(["--workers", "2", "3", "x"])), { _: [3, "x"], workers: 2 });
  equal(plain(parseArgs(["3"], { string: ["_"] })), { _: ["3"] });
});

Deno.test("parseArgs takes the last value of a repeated flag", () => {
  equal(parseArgs(["--out", "a", "--out", "b"], { string: ["out"] }).out, "b");
});

Deno.test("parseArgs collects every value of a collected flag", () => {
  const options = { string: ["set"], collect: ["set"] } as const;
  equal(parseArgs(["--set", "a", "--set", "b"], options).set, ["a", "b"]);
  equal(parseArgs(["--set", "a"], options).set, ["a"]);
  equal(parseArgs([], options).set, []);
});

Deno.test("parseArgs fills in defaults only where a flag is absent", () => {
  const options = { string: ["profile"], default: { profile: "quick", level: 3 } } as const;
  equal(plain(parseArgs([], options)), { _: [], profile: "quick", level: 3 });
  equal(plain(parseArgs(["--profile", "smoke", "--level", "4"], options)), { _: [], profile: "smoke", level: 4 });
  equal(parseArgs([], { boolean: ["progress"], default: { progress: true } }).progress, true);
});

Deno.test("parseArgs sets a flag and its aliases together", () => {
  const args = parseArgs(["-h", "-o", "there"], {
    boolean: ["help"],
    string: ["out"],
    alias: { help: "h", out: ["o"] },
  });
  equal(plain(args), { _: [], help: true, h: true, out: "there", o: "there" });
});

Deno.test("parseArgs negates negatable flags and no others", () => {
  const options = { boolean: ["progress", "no-cache"], negatable: ["progress"], default: { progress: true } } as const;
  equal(plain(parseArgs(["--no-progress", "--no-cache"], options)), { _: [], progress: false, "no-cache": true });
  equal(plain(parseArgs(["--no-colour"])), { _: [], "no-colour": true });
});

Deno.test("parseArgs reports undeclared flags and positional arguments to `unknown`", () => {
  const seen: unknown[] = [];
  const args = parseArgs(["--profle", "quick", "--no-such", "--out", "x", "extra", "-q"], {
    string: ["out"],
    unknown(arg: string, key?: string) {
      seen.push([arg, key]);
      return false;
    },
  });
  equal(seen, [["--profle", "profle"], ["--no-such", "no-such"], ["extra", undefined], ["-q", "q"]]);
  equal(plain(args), { _: [], out: "x" });
});

Deno.test("parseArgs stops at `--`, or early when told to", () => {
  equal(plain(parseArgs(["--a", "1", "--", "--b"])), { _: ["--b"], a: 1 });
  equal(plain(parseArgs(["--a", "1", "--", "--no-b"], { "--": true })), { _: [], a: 1, "--": ["--no-b"] });
  equal(plain(parseArgs(["run", "--a"], { stopEarly: true })), { _: ["run", "--a"] });
});

Deno.test("stringify ends every line with CRLF and quotes only where it must", () => {
  const rows = [["a", "b,c", 'd"e', "f\ng", " h ", ""], [1.5, true, null, undefined, -0.1, 1e-7]];
  equal(stringify(rows, { headers: false }), 'a,"b,c","d""e","f\ng", h ,\r\n1.5,true,,,-0.1,1e-7\r\n');
});

Deno.test("stringify picks columns of objects in the order asked for", () => {
  const rows = [{ b: 2, a: 1, deep: { x: [7, 8] } }, { a: 3, b: null, deep: { x: [9] } }];
  equal(
    stringify(rows, { columns: ["a", "b", ["deep", "x", 0], { prop: ["deep", "x"], header: "all" }] }),
    'a,b,0,all\r\n1,2,7,"[7,8]"\r\n3,,9,[9]\r\n',
  );
  equal(stringify(rows, { columns: ["a"], headers: false }), "1\r\n3\r\n");
  equal(stringify([], { columns: ["a", "b"] }), "a,b\r\n");
});

Deno.test("stringify honours separator and byte-order mark", () => {
  equal(
    stringify([["a,b", "c\td"]], { headers: false, separator: "\t", bom: true }),
    '\ufeffa,b\t"c\td"\r\n',
  );
});

Deno.test("stringify refuses objects without columns and a quotation mark as separator", () => {
  throws(() => stringify([{ a: 1 }]), { name: "StringifyError" });
  throws(() => stringify([["a"]], { separator: '"' }), { name: "StringifyError" });
});

Deno.test("parse reads lines into arrays, skipping empty lines and the byte-order mark", () => {
  equal(parse("\ufeffa,b\r\n\r\n1,\n"), [["a", "b"], ["1", ""]]);
  equal(parse(""), []);
  equal(parse("a,b\nc"), [["a", "b"], ["c"]]);
});

Deno.test("parse reads quoted separators, quotation marks and line breaks", () => {
  equal(parse('"a,b","c""d","e\r\nf"\r\n'), [["a,b", 'c"d', "e\nf"]]);
});

Deno.test("parse gives records when columns are named", () => {
  equal(plain(parse("a,b\n1,2\n", { skipFirstRow: true })), [{ a: "1", b: "2" }]);
  equal(plain(parse("1,2\n", { columns: ["x", "y"] })), [{ x: "1", y: "2" }]);
  equal(plain(parse("a,b\n1,2\n", { skipFirstRow: true, columns: ["x", "y"] })), [{ x: "1", y: "2" }]);
});

Deno.test("parse honours separator, comment and trimmed leading space", () => {
  equal(parse("#c\na;  b\n", { separator: ";", comment: "#", trimLeadingSpace: true }), [["a", "b"]]);
  equal(parse("a#b\n", { comment: "#" }), [["a#b"]]);
});

Deno.test("parse rejects stray quotation marks and wrong numbers of fields", () => {
  throws(() => parse('a"b\n'), SyntaxError);
  throws(() => parse('"a\n'), SyntaxError);
  throws(() => parse("a,b\n1\n", { fieldsPerRecord: 0 }), SyntaxError);
  equal(parse('a"b\n', { lazyQuotes: true }), [['a"b']]);
});

Deno.test("the single-function entry points are the same functions", () => {
  equal(parseAlone, parse);
  equal(stringifyAlone, stringify);
});

Deno.test("what stringify writes, parse reads back", () => {
  const rows = [["x", 'quote " here', "line\nbreak", "a,b", "é≠中"], ["", "0", "-0", " ", "\t"]];
  equal(parse(stringify(rows, { headers: false })), rows);
});
