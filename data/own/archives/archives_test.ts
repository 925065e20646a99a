import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { join } from "node:path";
import fc from "fast-check";
import { temporaryFolder } from "../../testing/mod.ts";
import golden from "../../testing/golden/pickles.json" with { type: "json" };
import { colouredPng, write, writeFolders } from "../../testing/own.ts";
import { ownEntry } from "../mod.ts";
import { sourceSchema } from "../source.ts";
import { unpickle } from "./pickle.ts";
import { RandomAccess } from "./random_access.ts";

type Name = keyof typeof golden;

/** What `data/testing/golden/pickles.py` has written. */
const bytesOf = (name: Name) => new Uint8Array(inflateSync(Uint8Array.fromBase64(golden[name])));

/** An image as that script makes it. */
const pixel = (image: number, at: number) => (at * 7 + 31 * image) % 256;

function archive(reader: string, path: string, options: Record<string, unknown> = {}) {
  using cache = temporaryFolder();
  const source = sourceSchema.parse({ reader, path, size: 12, ...options });
  return ownEntry(reader, source, { cacheDir: join(cache.path, "cache") });
}

function put(folder: string, files: Record<string, Name>): string {
  for (const [file, name] of Object.entries(files)) write(join(folder, file), bytesOf(name));
  return folder;
}

const FC100 = (name: Name) => ({ "FC100_train.pickle": name, "FC100_val.pickle": name, "FC100_test.pickle": name });

/** Classes, and which images of the script each has, seen in an episode of all of them. */
async function seen(entry: ReturnType<typeof archive>): Promise<[string[], number[][]]> {
  const data = await entry.open({ dataDir: "", ways: 2 });
  const { queryX, classes } = data.episodes("test", 0, 1, 1, 2);
  const order = [...classes!];
  const images = order.map((_, label) =>
    [0, 1].map((query) => {
      const at = (2 * label + query) * 12 * 12 * 3;
      const known = [0, 1, 2, 3, 4, 5].filter((image) =>
        Array.from({ length: 432 }, (_, i) => i).every((i) => Math.abs(queryX[at + i] - pixel(image, i) / 255) < 1e-6)
      );
      equal(known.length, 1, "the query is an image of the archive");
      return known[0];
    })
  );
  return [order.map((id) => data.classesOf!("test")[id].name), images];
}

for (
  const name of [
    "labelled-2",
    "labelled-3",
    "labelled-4",
    "labelled-5",
    "labelled-python2",
    "labels-array",
    "labels-scalars",
  ] as const
) {
  Deno.test(`images and labels of a pickle (${name}) are what Python has put there`, async () => {
    using folder = temporaryFolder();
    const entry = archive("fc100", put(folder.path, FC100(name)));
    equal([entry.sizes, entry.examplesPerClass, entry.inputShape], [{ train: 2, validation: 2, test: 2 }, 3, [
      12,
      12,
      3,
    ]]);
    const [classes, images] = await seen(entry);
    classes.forEach((own, label) => {
      const members = own === "test 0005" ? [0, 1, 4] : [2, 3, 5];
      ok(images[label].every((image) => members.includes(image)), `${own}: ${images[label]}`);
    });
  });
}

Deno.test("miniImageNet's cache has its classes in a dict, and tieredImageNet's images are PNG files", async () => {
  using folder = temporaryFolder();
  const mini = put(join(folder.path, "mini"), {
    "mini-imagenet-cache-train.pkl": "cache",
    "mini-imagenet-cache-val.pkl": "cache",
    "mini-imagenet-cache-test.pkl": "cache",
  });
  const [names, images] = await seen(archive("miniimagenet", mini));
  equal([...names].sort(), ["test n01", "test n02"]);
  ok(images[names.indexOf("test n02")].every((image) => [0, 1, 4].includes(image)));
  const files = ["train", "val", "test"].flatMap((
    split,
  ) => [[`${split}_images_png.pkl`, "encoded"], [`${split}_labels.pkl`, "specific"]]);
  const [classes, tiered] = await seen(
    archive("tieredimagenet", put(join(folder.path, "t"), Object.fromEntries(files))),
  );
  equal([...classes].sort(), ["test 0005", "test 0009"]);
  ok(tiered[classes.indexOf("test 0009")].every((image) => [2, 3, 5].includes(image)));
});

Deno.test("grey, other sizes and the content are in the digest; where the files lie is not", async () => {
  using a = temporaryFolder();
  using b = temporaryFolder();
  const digest = async (path: string, options: Record<string, unknown> = {}) =>
    (await archive("fc100", path, options).open({ dataDir: "", ways: 2 })).digest;
  const first = await digest(put(a.path, FC100("labelled-2")));
  equal(await digest(put(b.path, FC100("labelled-2"))), first);
  const others = [
    await digest(a.path, { colour: "grey" }),
    await digest(a.path, { size: 8 }),
    await digest(put(join(b.path, "other"), FC100("labelled-4"))),
  ];
  equal(new Set([first, ...others]).size, 4);
});

Deno.test("CIFAR-FS and miniImageNet come as image files too, with the splits that their lists say", async () => {
  using folder = temporaryFolder();
  const cifar = join(folder.path, "cifar100");
  writeFolders(join(cifar, "data"), 7, 3);
  const lists = { train: ["class 06", "class 00"], val: ["class 01", "class 03"], test: ["class 02", "class 04"] };
  for (const [split, names] of Object.entries(lists)) {
    write(join(cifar, "splits", "bertinetto", `${split}.txt`), names.join("\n") + "\n");
  }
  const fs = await archive("cifar-fs", cifar).open({ dataDir: "", ways: 2 });
  equal(fs.classesOf!("train").map(({ name }) => name), ["class 00", "class 06"]);
  const mini = join(folder.path, "mini");
  const table = (split: string, classes: string[]) => {
    const rows = classes.flatMap((name) => [0, 1, 2].map((e) => [`${name}${e}.png`, name]));
    for (const [file] of rows) write(join(mini, "images", file), colouredPng(8, 100, 1));
    write(join(mini, `${split}.csv`), ["filename,label", ...rows.map((row) => row.join(","))].join("\n"));
  };
  table("train", ["n1", "n2", "n3"]);
  table("val", ["n4", "n5"]);
  table("test", ["n7", "n6"]);
  const entry = archive("miniimagenet", mini);
  equal(entry.sizes, { train: 3, validation: 2, test: 2 });
  const data = await entry.open({ dataDir: "", ways: 2 });
  equal(data.classesOf!("test").map(({ name }) => name), ["n6", "n7"]);
  table("test", ["n7", "n1"]);
  throws(
    () => archive("miniimagenet", mini),
    /test\.csv, line 5: the class "n1" is in train\.csv too; a class has one split/,
  );
});

Deno.test("a file that is not what it should be is refused by name", () => {
  using folder = temporaryFolder();
  const refused = (name: Name, message: RegExp) =>
    throws(() => archive("fc100", put(folder.path, FC100(name))), { name: "DataError", message });
  throws(
    () => archive("fc100", folder.path),
    /has no files of fc100: expected FC100_train\.pickle, FC100_val\.pickle, FC100_te/,
  );
  throws(() => archive("cifar-fs", folder.path), /expected data\/ and splits\/bertinetto\/; or CIFAR_FS_train\.pickle/);
  refused(
    "hostile",
    /FC100_train\.pickle is not read: it asks for Python's \w+\.system, which no archive of images needs$/,
  );
  refused("floats", /FC100_train\.pickle holds an array of shape \[6,12,12,3\] and type f4; expected/);
  refused("short", /FC100_train\.pickle has 4 labels for 6 images/);
  refused("specific", /FC100_train\.pickle holds no array "data" or "image_data"/);
});

Deno.test("numbers, texts and containers are what Python has put there", () => {
  using folder = temporaryFolder();
  using file = new RandomAccess(write(join(folder.path, "n.pkl"), bytesOf("numbers")));
  equal(unpickle(file), [
    ...[0, -1, 255, 65_536, -(2 ** 31), 2 ** 40, 0.5, true, null, [1, 2]],
    new Map([["a", "ä"]]),
    "b".repeat(300),
  ]);
});

Deno.test("whatever bytes a pickle has, it is read or refused in one sentence, and nothing runs", () => {
  using folder = temporaryFolder();
  const whole = bytesOf("labelled-4");
  const path = join(folder.path, "f.pkl");
  fc.assert(
    fc.property(fc.nat(200), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
      const bytes = whole.slice(0, Math.max(1, length));
      bytes[at % bytes.length] = byte;
      Deno.writeFileSync(path, bytes);
      using file = new RandomAccess(path);
      try {
        unpickle(file);
      } catch (error) {
        ok(
          error instanceof Error && /^(is|has|holds|a byte) |encoded data|not valid/.test(error.message),
          String(error),
        );
      }
    }),
    { numRuns: 300 },
  );
});
