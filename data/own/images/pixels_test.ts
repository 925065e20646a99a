import { deepStrictEqual as equal, notStrictEqual as differs, ok, rejects, throws } from "node:assert/strict";
import { join } from "node:path";
import { encode } from "fast-png";
import { temporaryFolder } from "../../testing/mod.ts";
import { images, write, writeFolders } from "../../testing/own.ts";
import { imageCollection } from "./collection.ts";
import { listImages } from "./listing.ts";
import { openImages, requireRoom } from "./pixels.ts";
import { ownEntry } from "../mod.ts";

const open = (path: string, cacheDir: string, options: Parameters<typeof images>[1] = {}, known?: string) => {
  const source = images(path, { size: 4, ...options });
  return openImages(listImages(source), source, { cacheDir, known });
};

Deno.test("the digest is that of what is in the files, not of where they lie, and of how they are read", async () => {
  using a = temporaryFolder();
  using b = temporaryFolder();
  using cache = temporaryFolder();
  const here = await open(writeFolders(a.path, 6, 2), cache.path);
  const there = await open(writeFolders(join(b.path, "elsewhere"), 6, 2), cache.path);
  equal(there, here);
  const others = [
    await open(a.path, cache.path, { size: 5 }),
    await open(a.path, cache.path, { colour: "rgb" }),
    await open(a.path, cache.path, { invert: true }),
    await open(a.path, cache.path, { splitSeed: 7 }),
    await open(writeFolders(join(b.path, "more"), 6, 3), cache.path),
  ];
  equal(new Set([here, ...others].map(({ digest }) => digest)).size, 6);
  equal(others[2].pixels, here.pixels.map((value) => 255 - value));
});

Deno.test("images come from the cache the second time; a changed file is decoded anew, and a damaged cache is not believed", async () => {
  using folder = temporaryFolder();
  using cache = temporaryFolder();
  const first = await open(writeFolders(folder.path, 3, 2), cache.path);
  const [{ name }] = [...Deno.readDirSync(cache.path)];
  const cached = join(cache.path, name);
  const before = Deno.statSync(cached).mtime;
  equal(await open(folder.path, cache.path), first);
  equal(Deno.statSync(cached).mtime, before);
  // What another process has found is enough, even where the files are gone by now.
  const bytes = Deno.readFileSync(join(folder.path, "class 00", "00.png"));
  const source = images(folder.path, { size: 4 });
  const listing = listImages(source);
  Deno.removeSync(join(folder.path, "class 00", "00.png"));
  equal(await openImages(listing, source, { cacheDir: cache.path, known: first.digest }), first);
  write(join(folder.path, "class 00", "00.png"), bytes);

  const damaged = Deno.readFileSync(cached);
  damaged[damaged.length - 1] ^= 1;
  Deno.writeFileSync(cached, damaged);
  equal(await open(folder.path, cache.path), first);
  const white = encode({ width: 2, height: 2, channels: 1, depth: 8, data: Uint8Array.of(255, 255, 255, 255) });
  write(join(folder.path, "class 00", "00.png"), white);
  const changed = await open(folder.path, cache.path);
  differs(changed.digest, first.digest);
  equal([...changed.pixels.subarray(0, 16)], Array(16).fill(255));
  Deno.removeSync(cached);
  await rejects(
    open(folder.path, cache.path, {}, first.digest),
    /has changed since this run began; run the command again/,
  );
});

Deno.test("a broken image is named, and nothing is cached", async () => {
  using folder = temporaryFolder();
  using cache = temporaryFolder();
  writeFolders(folder.path, 3, 2);
  write(join(folder.path, "class 01", "01.png"), "no image");
  await rejects(open(folder.path, cache.path), {
    name: "DataError",
    message: `${join(folder.path, "class 01", "01.png")} is no PNG, JPEG or WebP image; mend it or take it away`,
  });
  equal([...Deno.readDirSync(cache.path)], []);
});

Deno.test("more images than fit are refused with an estimate before any is opened", () => {
  const files = Array.from({ length: 100_000 }, (_, i) => `/nowhere/${i}.png`);
  const listing = { classes: [{ name: "a", files }], splits: { train: ["a"], validation: [], test: [] } };
  requireRoom(listing, images("/nowhere"));
  throws(() => requireRoom(listing, images("/nowhere", { size: 84, colour: "rgb" })), {
    name: "DataError",
    message:
      /its 100000 images of 84 x 84 in rgb would take 2019 MiB in every process, more than the 1024 of memoryMib/,
  });
});

Deno.test("a collection writes each image where it belongs, with values in [0, 1]", async () => {
  using folder = temporaryFolder();
  using cache = temporaryFolder();
  const source = images(writeFolders(folder.path, 3, 2), { size: 4, colour: "rgb" });
  const listing = listImages(source);
  const content = await openImages(listing, source, { cacheDir: cache.path });
  const collection = imageCollection("birds", listing, source, content);
  equal([collection.inputShape, collection.classes.length, collection.classes[2].examples], [[4, 4, 3], 3, 2]);
  const out = new Float32Array(50);
  collection.write(2, 1, out, 1);
  const length = 4 * 4 * 3;
  equal(
    [...out],
    [0, ...Float32Array.from(content.pixels.subarray(5 * length, 6 * length), (value) => value / 255), 0],
  );
  ok(out.subarray(1, 49).every((value) => value > 0.5 && value <= 1));
});

Deno.test("a folder of images of mixed sizes and its entry make episodes; too many shots name the class that is short", async () => {
  using folder = temporaryFolder();
  using cache = temporaryFolder();
  for (const [c, side] of [5, 9, 30, 28, 64, 12, 13, 8, 40].entries()) {
    for (let e = 0; e < (c === 4 ? 3 : 6); e++) {
      const data = new Uint8Array(side * 20).fill(20 * c + e);
      write(join(folder.path, `c${c}`, `${e}.png`), encode({ width: side, height: 20, channels: 1, depth: 8, data }));
    }
  }
  const entry = ownEntry("images-birds", images(folder.path), { cacheDir: cache.path });
  equal([entry.classes, entry.examplesPerClass, entry.scarcest, entry.sizes], [3, 3, "c4", {
    train: 3,
    validation: 3,
    test: 3,
  }]);
  const data = await entry.open({ dataDir: "", ways: 3 });
  const { supportX, queryX } = data.episodes("test", 0, 2, 1, 2);
  equal([supportX.length, queryX.length], [2 * 3 * 784, 2 * 6 * 784]);
  equal(new Set(supportX.subarray(0, 784)).size, 1);
  const [scarce] = (["train", "validation", "test"] as const).filter((split) =>
    data.classesOf!(split).some(({ name }) => name === "c4")
  );
  const draw = () => scarce === "train" ? data.trainBatch(1, 2, 2, ["x"]) : data.episodes(scarce, 0, 1, 2, 2);
  throws(draw, /Cannot draw 2 shots \+ 2 queries of each class of images-birds: "c4" has 3 examples/);
});
