import { deepStrictEqual as equal, throws } from "node:assert";
import { join } from "node:path";
import { UsageError } from "../../common/errors.ts";
import { checkOut, claimOut, clearOut, OutLock } from "./out_folder.ts";
import { fakeSweep } from "../testing/plan.ts";

async function withFolder(use: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function refused(use: () => void, message: RegExp): void {
  throws(use, (error) => error instanceof UsageError && message.test(error.message) && !error.message.includes("\n"));
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("a folder is free when it is missing, empty, this sweep's, or has only other people's files", () =>
  withFolder((folder) => {
    checkOut(join(folder, "not", "yet"), "a", false);
    checkOut(folder, "a", false);
    Deno.writeTextFileSync(join(folder, "notes.txt"), "mine");
    checkOut(folder, "a", false);
    claimOut(folder, "a", fakeSweep());
    checkOut(folder, "a", false);
    checkOut(folder, "b", true);
  }));

Deno.test("another sweep's folder, a newer one, a damaged one and foreign files of our names are refused", () =>
  withFolder((folder) => {
    Deno.writeTextFileSync(join(folder, "cells.csv"), "somebody's");
    refused(() => checkOut(folder, "a", true), /has a "cells.csv" that no run here has written/);
    Deno.removeSync(join(folder, "cells.csv"));
    claimOut(folder, "a", fakeSweep());
    refused(
      () => checkOut(folder, "b", false),
      /results of another sweep \("fake", a\); choose another --out, or --fresh/,
    );
    Deno.writeTextFileSync(join(folder, "sweep.json"), '{"format":3,"digest":"a"}');
    refused(
      () => checkOut(folder, "a", true),
      /has format 3; this version reads and writes 2\. Choose another folder or update/,
    );
    Deno.writeTextFileSync(join(folder, "sweep.json"), '{"format":0,"digest":"a"}');
    refused(
      () => checkOut(folder, "a", false),
      /has format 0, of an older version; .* compute it anew \(.*--fresh\), or read it with/,
    );
    checkOut(folder, "a", true);
    Deno.writeTextFileSync(join(folder, "sweep.json"), "{");
    refused(() => checkOut(folder, "a", true), /damaged/);
    equal(names(folder), ["sweep.json"]);
  }));

Deno.test("a folder below a file cannot be written", () =>
  withFolder((folder) => {
    Deno.writeTextFileSync(join(folder, "file"), "");
    refused(() => checkOut(join(folder, "file", "out"), "a", false), /is not a folder/);
    refused(() => OutLock.take(join(folder, "file", "out")), /Cannot write to --out/);
  }));

Deno.test("a folder belongs to one coordinator at a time, which the other one names", () =>
  withFolder((folder) => {
    const lock = OutLock.take(folder);
    refused(() => OutLock.take(folder), new RegExp(`in use by process ${Deno.pid} since 20`));
    lock.release();
    OutLock.take(folder).release();
  }));

Deno.test("where the file system has no locks, the folder is taken all the same", () =>
  withFolder((folder) => {
    const { tryLockSync } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.tryLockSync = () => {
      throw new Error("Operation not supported (os error 95)");
    };
    try {
      const [one, two] = [OutLock.take(folder), OutLock.take(folder)];
      one.release();
      two.release();
    } finally {
      Deno.FsFile.prototype.tryLockSync = tryLockSync;
    }
  }));

Deno.test("what writes that were broken off have left is cleared with the next run; from a report, only when nobody can be writing it", () =>
  withFolder((folder) => {
    const [table, page, old] = [".17-0-0123abcd.tmp", "index.html.0123abcd.part", ".17-3-0123abcd.tmp"];
    Deno.mkdirSync(join(folder, "report"));
    const paths = [table, "my.tmp", `report/${page}`, `report/${old}`, "report/my.part"].map((name) =>
      join(folder, name)
    );
    for (const path of paths) Deno.writeTextFileSync(path, "x");
    Deno.utimeSync(join(folder, "report", old), 0, 0);
    claimOut(folder, "a", fakeSweep());
    equal(names(folder), ["my.tmp", "report", "sweep.json"]);
    equal(names(join(folder, "report")), [page, "my.part"].toSorted());
    Deno.utimeSync(join(folder, "report", page), 0, 0);
    claimOut(folder, "a", fakeSweep());
    equal(names(join(folder, "report")), ["my.part"]);
  }));

Deno.test("clearing removes what runs write and nothing else", () =>
  withFolder((folder) => {
    claimOut(folder, "a", fakeSweep());
    Deno.mkdirSync(join(folder, "report"));
    for (const name of ["cells.csv", "notes.txt", "report/index.html", "report/a.svg", "report/mine.txt"]) {
      Deno.writeTextFileSync(join(folder, name), "x");
    }
    clearOut(folder);
    equal(names(folder), ["notes.txt", "report"]);
    equal(names(join(folder, "report")), ["mine.txt"]);
  }));
