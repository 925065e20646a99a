import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { dirname, join, normalize } from "node:path";
import { PROJECT_ROOT } from "./project.ts";
import { ROOMS } from "./testing/rooms.ts";

const IMPORT = /\b(?:from|import)\s*\(?\s*"(\.[^"\n]+)"/g;

function* sourceFiles(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(PROJECT_ROOT, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sourceFiles(path);
    else if (name.endsWith(".ts") && !name.endsWith(".d.ts")) yield path;
  }
}

const isTest = (file: string) => file.endsWith("_test.ts") || file.includes("/testing/");

/** Every import of one file of this project by another, tests apart. */
function arrows(): { readonly from: string; readonly to: string }[] {
  const top = ["algorithms", "bench", "common", "data", "reports"];
  return top.flatMap((folder) => [...sourceFiles(folder)]).filter((file) => !isTest(file)).flatMap((from) => {
    const code = Deno.readTextFileSync(join(PROJECT_ROOT, from));
    return [...code.matchAll(IMPORT)].map(([, path]) => ({ from, to: normalize(join(dirname(from), path)) }));
  });
}

/** The room that a file is in: the nearest folder that the map names. */
function roomOf(file: string): string {
  for (let folder = dirname(file); folder !== "."; folder = dirname(folder)) if (folder in ROOMS) return folder;
  throw new Error(`${file} is in no room: give its folder a line in common/testing/rooms.ts`);
}

Deno.test("imports go through the doors of the map only", () => {
  const forbidden = arrows().filter(({ from, to }) => {
    const [a, b] = [roomOf(from), roomOf(to)];
    return a !== b && !ROOMS[a].includes(b);
  });
  equal(forbidden.map(({ from, to }) => `${from} -> ${to}`), []);
});

Deno.test("every door of the map is used", () => {
  const used = new Set(arrows().map(({ from, to }) => `${roomOf(from)} -> ${roomOf(to)}`));
  const doors = Object.entries(ROOMS).flatMap(([room, doors]) => doors.map((door) => `${room} -> ${door}`));
  equal(doors.filter((door) => !used.has(door)), []);
});

Deno.test("a room opens to rooms above it in the map alone, so that imports form no circle", () => {
  const order = Object.keys(ROOMS);
  for (const [room, doors] of Object.entries(ROOMS)) {
    for (const door of doors) ok(order.indexOf(door) < order.indexOf(room), `${room} may not import ${door}`);
  }
});

Deno.test("nothing imports a command, and reports import nothing of the bench", () => {
  equal(arrows().filter(({ from, to }) => roomOf(to) === "bench/commands" && roomOf(from) !== "bench/commands"), []);
  equal(arrows().filter(({ from, to }) => from.startsWith("reports/") && to.startsWith("bench/")), []);
});

/** Tables of what there is import every line of theirs, however many there are. */
const TABLE = /\/registry\.ts$/;

Deno.test("no file is a hub of more than 20 imports, tables apart", () => {
  const counts = Map.groupBy(arrows().filter(({ from }) => !TABLE.test(from)), ({ from }) => from);
  const hubs = [...counts].filter(([, imports]) => imports.length > 20).map(([file, { length }]) =>
    `${file}: ${length}`
  );
  equal(hubs, []);
});
