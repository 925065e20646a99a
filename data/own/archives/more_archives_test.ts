import { deepStrictEqual as equal, notDeepStrictEqual as differs, ok, throws } from "node:assert/strict";
import { gzipSync, inflateSync } from "node:zlib";
import { join } from "node:path";
import fc from "fast-check";
import { SPLITS } from "../../../common/vocabulary.ts";
import golden from "../../testing/golden/archives.json" with { type: "json" };
import superclasses from "../../testing/golden/cifar100_classes.json" with { type: "json" };
import pickles from "../../testing/golden/pickles.json" with { type: "json" };
import { temporaryFolder } from "../../testing/mod.ts";
import { colouredPng, write } from "../../testing/own.ts";
import { ownEntry } from "../mod.ts";
import { sourceSchema } from "../source.ts";
import { readNpz } from "./npz.ts";
import { RandomAccess } from "./random_access.ts";

type Name = keyof typeof golden;

const inflated = (text: string) => new Uint8Array(inflateSync(Uint8Array.fromBase64(text)));

/** What `data/testing/golden/archives.py` has written. */
const bytesOf = (name: Name) => inflated(golden[name]);

/** An image as that script makes it. */
const pixel = (image: number, at: number) => (at * 7 + 31 * image) % 256;

function archive(reader: string, path: string, options: Record<string, unknown> = {}) {
  using cache = temporaryFolder();
  const source = sourceSchema.parse({ reader, path, ...options });
  return ownEntry(reader, source, { cacheDir: join(cache.path, "cache") });
}

function put(folder: string, files: Record<string, Uint8Array | string>): string {
  for (const [file, content] of Object.entries(files)) write(join(folder, file), content);
  return folder;
}

const perSplit = (pattern: string, content: Uint8Array) =>
  Object.fromEntries(["train", "val", "test"].map((split) => [pattern.replace("*", split), content]));

/** Every query image of an episode of all test classes, with the name of its class. */
async function queries(entry: ReturnType<typeof archive>, ways: number, each: number) {
  const data = await entry.open({ dataDir: "", ways });
  const { queryX, classes } = data.episodes("test", 0, 1, 1, each);
  const size = data.inputShape.reduce((product, extent) => product * extent, 1);
  return [...classes!].flatMap((id, label) =>
    Array.from({ length: each }, (_, i) => ({
      name: data.classesOf!("test")[id].name,
      group: data.classesOf!("test")[id].group,
      image: queryX.subarray((label * each + i) * size, (label * each + i + 1) * size),
    }))
  );
}

const isImage = (values: Float32Array, image: number) =>
  values.every((value, at) => Math.abs(value - pixel(image, at) / 255) < 1e-6);

for (const name of ["stored", "compressed", "streamed", "large"] as const) {
  Deno.test(`images and labels of an .npz file (${name}) are what NumPy has put there`, async () => {
    using folder = temporaryFolder();
    for (const reader of ["fc100", "miniimagenet"]) {
      const path = put(join(folder.path, reader), perSplit("few-shot-*.npz", bytesOf(name)));
      const entry = archive(reader, path, { size: 12 });
      equal([entry.sizes, entry.examplesPerClass], [{ train: 2, validation: 2, test: 2 }, 3]);
      for (const { name, image } of await queries(entry, 2, 2)) {
        const members = name === "test 0005" ? [0, 1, 4] : [2, 3, 5];
        equal(members.filter((own) => isImage(image, own)).length, 1, name);
      }
    }
  });
}

Deno.test("tieredImageNet's images may lie in .npz files beside pickles of labels", async () => {
  using folder = temporaryFolder();
  const path = put(folder.path, {
    ...perSplit("*_images.npz", bytesOf("images")),
    ...perSplit("*_labels.pkl", inflated(pickles.specific)),
  });
  const found = await queries(archive("tieredimagenet", path, { size: 12 }), 2, 2);
  equal(new Set(found.map(({ name }) => name)), new Set(["test 0005", "test 0009"]));
  for (const { name, image } of found) {
    equal((name === "test 0005" ? [0, 1, 4] : [2, 3, 5]).filter((own) => isImage(image, own)).length, 1);
  }
});

Deno.test("an .npz file that is not what it should be is refused by name", () => {
  using folder = temporaryFolder();
  const refused = (content: Uint8Array, message: RegExp) =>
    throws(() => archive("fc100", put(folder.path, perSplit("few-shot-*.npz", content)), { size: 12 }), {
      name: "DataError",
      message,
    });
  refused(bytesOf("objects"), /few-shot-train\.npz has "targets", an array of Python objects, which is not read$/);
  refused(bytesOf("big-endian"), /few-shot-train\.npz holds numbers of a big-endian machine, which are not read$/);
  refused(bytesOf("fortran"), /few-shot-train\.npz holds an array of shape \[6,12,12,3\]/);
  refused(bytesOf("floats"), /type f4; expected \[images, height, width, 3\] of bytes$/);
  refused(bytesOf("few"), /few-shot-train\.npz has 4 labels for 6 images$/);
  refused(bytesOf("images"), /few-shot-train\.npz has no labels of its images$/);
  refused(bytesOf("stored").subarray(0, 2000), /few-shot-train\.npz is no \.npz file, or is cut off$/);
  refused(inflated(pickles["labelled-2"]), /few-shot-train\.npz is no \.npz file, or is cut off$/);
});

Deno.test("whatever bytes an .npz file has, it is read or refused in one sentence", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "f.npz");
  const wholes = (["stored", "compressed", "large"] as const).map(bytesOf);
  fc.assert(
    fc.property(fc.nat(2), fc.nat(100_000), fc.nat(255), fc.boolean(), (which, at, byte, atEnd) => {
      const bytes = wholes[which].slice();
      // Where sizes and places stand: near the end, or anywhere.
      bytes[atEnd ? bytes.length - 1 - at % 200 : at % bytes.length] = byte;
      Deno.writeFileSync(path, bytes);
      using file = new RandomAccess(path);
      try {
        readNpz(file);
      } catch (error) {
        ok(error instanceof Error && /^(is|has|holds) /.test(error.message), String(error));
      }
    }),
    { numRuns: 400 },
  );
});

const CIFAR = {
  "cifar-100-python/train": bytesOf("cifar-train"),
  "cifar-100-python/test": bytesOf("cifar-test"),
  "cifar-100-python/meta": bytesOf("cifar-meta"),
};
const FINE = Object.values(superclasses).flat().sort();

Deno.test("CIFAR-100 itself is CIFAR-FS: 64, 16 and 20 classes, with the images of both of its files", async () => {
  using folder = temporaryFolder();
  const entry = archive("cifar-fs", put(folder.path, CIFAR));
  equal([entry.sizes, entry.examplesPerClass, entry.inputShape], [
    { train: 64, validation: 16, test: 20 },
    3,
    [32, 32, 3],
  ]);
  for (const { name, group, image } of await queries(entry, 16, 2)) {
    const [coarse, fine] = name.split("/");
    equal(group, coarse);
    ok(superclasses[coarse as keyof typeof superclasses].includes(fine), name);
    const number = FINE.indexOf(fine);
    equal([0, 1, 2].filter((own) => isImage(image, 100 * own + number)).length, 1, name);
  }
  // As Bertinetto et al. have them.
  const { classesOf } = await entry.open({ dataDir: "", ways: 16 });
  const test = new Set(classesOf!("test").map(({ name }) => name.split("/")[1]));
  equal(test.size, 20);
  for (const name of ["baby", "bed", "bicycle", "chimpanzee", "fox", "leopard", "whale", "worm"]) ok(test.has(name));
});

Deno.test("CIFAR-100 itself is FC100: no superclass is in two splits", async () => {
  using folder = temporaryFolder();
  const entry = archive("fc100", join(put(folder.path, CIFAR), "cifar-100-python"));
  equal(entry.sizes, { train: 60, validation: 20, test: 20 });
  const data = await entry.open({ dataDir: "", ways: 5 });
  const groups = SPLITS.map((split) => new Set(data.classesOf!(split).map(({ group }) => group)));
  equal(groups.map(({ size }) => size), [12, 4, 4]);
  equal(new Set(groups.flatMap((own) => [...own])).size, 20);
  equal([...groups[2]].sort(), ["aquatic_mammals", "insects", "medium_mammals", "people"]);
  const other = await archive("cifar-fs", folder.path).open({ dataDir: "", ways: 5 });
  differs(other.digest, data.digest);
});

Deno.test("a CIFAR-100 that is not whole, or no CIFAR-100, is refused by name", () => {
  using folder = temporaryFolder();
  const refused = (files: Record<string, Uint8Array>, message: RegExp) =>
    throws(() => archive("cifar-fs", put(folder.path, { ...CIFAR, ...files })), { name: "DataError", message });
  refused(
    { "cifar-100-python/meta": bytesOf("cifar-meta-renamed") },
    /meta has no class "whale", which cifar-fs is divided by$/,
  );
  refused({ "cifar-100-python/test": bytesOf("cifar-ten") }, /test holds no numbers where labels belong$/);
  refused(
    { "cifar-100-python/train": inflated(pickles.numbers) },
    /train is no file of CIFAR-100 for Python: it holds no dict/,
  );
  refused(
    { "cifar-100-python/train": bytesOf("cifar-meta") },
    /train holds no array "data" of images with 3072 bytes each$/,
  );
  Deno.removeSync(join(folder.path, "cifar-100-python", "meta"));
  throws(() => archive("cifar-fs", folder.path), /or cifar-100-python\/ with train, test and meta$/);
});

/** An array of bytes in MNIST's format. */
function idx(shape: readonly number[], value: (i: number) => number): Uint8Array {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const content = new Uint8Array(4 + 4 * shape.length + size);
  const view = new DataView(content.buffer);
  content.set([0, 0, 8, shape.length]);
  shape.forEach((extent, axis) => view.setUint32(4 + 4 * axis, extent));
  for (let i = 0; i < size; i++) content[4 + 4 * shape.length + i] = value(i) % 256;
  return content;
}

/** Image n of a file has n in its first pixel; labels go round. */
const clothes = (count: number, first: number) => ({
  images: idx([count, 28, 28], (i) => i % 784 === 0 ? first + Math.floor(i / 784) : i % 784),
  labels: idx([count], (i) => i % 10),
});

function fashion(folder: string, pack: (bytes: Uint8Array) => Uint8Array, ending: string): string {
  const [train, test] = [clothes(40, 0), clothes(20, 100)];
  return put(folder, {
    [`train-images-idx3-ubyte${ending}`]: pack(train.images),
    [`train-labels-idx1-ubyte${ending}`]: pack(train.labels),
    [`t10k-images-idx3-ubyte${ending}`]: pack(test.images),
    [`t10k-labels-idx1-ubyte${ending}`]: pack(test.labels),
  });
}

Deno.test("Fashion-MNIST's ten classes are all for tests, packed or not, grey or in colour", async () => {
  using folder = temporaryFolder();
  const packed = archive(
    "fashion-mnist",
    fashion(join(folder.path, "a"), (bytes) => new Uint8Array(gzipSync(bytes)), ".gz"),
  );
  const plain = archive("fashion-mnist", fashion(join(folder.path, "b"), (bytes) => bytes, ""));
  for (const entry of [packed, plain]) {
    equal([entry.sizes, entry.classes, entry.testOnly, entry.examplesPerClass, entry.inputShape], [
      { train: 0, validation: 0, test: 10 },
      ...[10, true, 6],
      [28, 28, 1],
    ]);
    const found = await queries(entry, 10, 5);
    equal(new Set(found.map(({ name }) => name)).size, 10);
    for (const { name, image } of found) {
      const number = Math.round(image[0] * 255);
      equal(
        (number % 100) % 10,
        ["T-shirt or top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]
          .indexOf(name),
      );
      ok(Math.abs(image[5] - 5 / 255) < 1e-6);
    }
  }
  const colour = await queries(archive("fashion-mnist", join(folder.path, "b"), { colour: "rgb" }), 2, 1);
  ok(colour.every(({ image }) => image.length === 28 * 28 * 3 && image[16] === image[15] && image[17] === image[15]));
});

Deno.test("a Fashion-MNIST that is not whole is refused by name", async () => {
  using folder = temporaryFolder();
  throws(
    () => archive("fashion-mnist", folder.path),
    /has no train-images-idx3-ubyte\.gz: fashion-mnist needs train-images-idx3-ubyte\.gz, train-labels-idx1-ubyte\.gz, t10k-/,
  );
  fashion(folder.path, (bytes) => bytes, "");
  const refused = (file: string, content: Uint8Array, message: RegExp) => {
    write(join(folder.path, file), content);
    throws(() => archive("fashion-mnist", folder.path), { name: "DataError", message });
    fashion(folder.path, (bytes) => bytes, "");
  };
  refused("train-labels-idx1-ubyte", idx([40], () => 10), /has the label 10; there are 0 to 9$/);
  refused("train-labels-idx1-ubyte", idx([2, 2, 2], () => 1), /is no file of labels in the format of MNIST$/);
  refused("t10k-labels-idx1-ubyte", idx([20], () => 1).subarray(0, 20), /is damaged: it has 12 values instead of 20$/);
  write(join(folder.path, "t10k-images-idx3-ubyte"), clothes(19, 0).images);
  let message = "";
  await archive("fashion-mnist", folder.path).open({ dataDir: "", ways: 2 }).catch((error) => message = error.message);
  ok(/t10k-images-idx3-ubyte has 19 images for 20 labels$/.test(message), message);
  Deno.removeSync(join(folder.path, "train-labels-idx1-ubyte"));
  write(join(folder.path, "train-labels-idx1-ubyte.gz"), "no gzip");
  throws(() => archive("fashion-mnist", folder.path), /train-labels-idx1-ubyte\.gz is damaged: it does not unpack/);
});

/** Eight kinds of birds with three images each, as the archive of CUB lays them out. */
function birds(folder: string): string {
  const names = Array.from({ length: 8 }, (_, i) => `${String(i + 1).padStart(3, "0")}.Bird_${i}`);
  const files = names.flatMap((name, c) => [0, 1, 2].map((e) => ({ path: `${name}/${name}_${e}.png`, c, e })));
  for (const { path, c, e } of files) write(join(folder, "images", path), colouredPng(9, 30 * c, e));
  const lines = (texts: string[]) => texts.map((text, i) => `${i + 1} ${text}\n`).join("");
  return put(folder, {
    "classes.txt": lines(names),
    "images.txt": lines(files.map(({ path }) => path)),
    "image_class_labels.txt": lines(files.map(({ c }) => String(c + 1))),
  });
}

Deno.test("CUB's classes are divided by their numbers: half for training, a quarter each for validation and test", async () => {
  using folder = temporaryFolder();
  birds(join(folder.path, "CUB_200_2011"));
  const entry = archive("cub", folder.path, { size: 8 });
  equal([entry.sizes, entry.examplesPerClass, entry.inputShape], [
    { train: 4, validation: 2, test: 2 },
    3,
    [8, 8, 3],
  ]);
  const data = await entry.open({ dataDir: "", ways: 2 });
  equal(data.classesOf!("test").map(({ name }) => name), ["004.Bird_3", "008.Bird_7"]);
  equal(data.classesOf!("validation").map(({ name }) => name), ["002.Bird_1", "006.Bird_5"]);
  const inside = await archive("cub", join(folder.path, "CUB_200_2011"), { size: 8 }).open({ dataDir: "", ways: 2 });
  equal(inside.digest, data.digest);
});

Deno.test("a CUB whose lists do not fit is refused with file and line", () => {
  using folder = temporaryFolder();
  throws(
    () => archive("cub", folder.path),
    /has no files of cub: expected images\/, classes\.txt, images\.txt, image_class_/,
  );
  const refused = (file: string, content: string, message: RegExp) => {
    write(join(birds(folder.path), file), content);
    throws(() => archive("cub", folder.path), { name: "DataError", message });
  };
  refused(
    "images.txt",
    "1 ../../secret.png\n",
    /images\.txt: "\.\.\/\.\.\/secret\.png" is not the path of an image in images\/$/,
  );
  refused("classes.txt", "1 a\nb\n", /classes\.txt, line 2: expected a number and a name, got "b"$/);
  refused("classes.txt", "1 a\n1 b\n", /classes\.txt, line 2: number 1 is there twice$/);
  refused("image_class_labels.txt", "1 9\n", /image_class_labels\.txt has no class of image 1$/);
  refused("images.txt", "1 001.Bird_0/001.Bird_0_0.png\n", /has no image of the class "002\.Bird_1"$/);
});
