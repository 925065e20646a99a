import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { basename, join } from "node:path";
import { temporaryFolder } from "../../testing/mod.ts";
import { images, write, writeFolders } from "../../testing/own.ts";
import { listImages } from "./listing.ts";

const names = (path: string, options: Parameters<typeof images>[1] = {}) =>
  listImages(images(path, options)).classes.map(({ name, files }) => [name, files.map((file) => basename(file))]);

Deno.test("every folder that holds images is a class by its path; hidden files and others are passed over", () => {
  using folder = temporaryFolder();
  const root = folder.path;
  for (const file of ["a/2.png", "a/1.JPG", "b/x/1.webp", "b/y/1.jpeg", "c/1.png", "c/notes.txt", "c/.DS_Store"]) {
    write(join(root, file), "");
  }
  write(join(root, "README.md"), "");
  write(join(root, "__MACOSX", "1.png"), "");
  equal(names(root), [["a", ["1.JPG", "2.png"]], ["b/x", ["1.webp"]], ["b/y", ["1.jpeg"]], ["c", ["1.png"]]]);
  throws(() => names(root, { minExamples: 2 }), /Cannot split .*: it has 1 classes/);
  write(join(root, "c", "2.gif"), "");
  throws(() => names(root), /2\.gif cannot be read: images are PNG, JPEG or WebP; convert it or take it away/);
});

Deno.test("an index names files and classes, in Meta-Album's columns or others", () => {
  using folder = temporaryFolder();
  const index = (text: string, name = "labels.csv") => write(join(folder.path, name), text);
  index("FILE_NAME,CATEGORY,SUPER_CATEGORY\nq.png,owl,bird\np.png,owl,bird\nr.png,elk,\ns.png,cat,\n");
  equal(names(folder.path), [["cat", ["s.png"]], ["elk", ["r.png"]], ["owl", ["p.png", "q.png"]]]);
  equal(listImages(images(folder.path)).classes[0].files, [join(folder.path, "s.png")]);
  write(join(folder.path, "images", "p.png"), "");
  equal(listImages(images(folder.path)).classes[0].files, [join(folder.path, "images", "s.png")]);
  const other = index("label;file\na;1.png\nb;2.png\nc;3.png\n", "other.csv");
  equal(names(other, { fileColumn: "file", classColumn: "label" }).length, 3);
  throws(
    () => names(other),
    /other\.csv has no column "FILE_NAME", only "label", "file"; name another with fileColumn/,
  );
});

Deno.test("what is wrong with an index is said with its line", () => {
  using folder = temporaryFolder();
  const refused = (rows: string, message: RegExp) => {
    write(join(folder.path, "labels.csv"), `FILE_NAME,CATEGORY\na.png,a\n${rows}\n`);
    throws(() => names(folder.path), message);
  };
  refused("a.png,b", /labels\.csv, line 3: "a\.png" is in line 2 too; name it once/);
  refused("../a.png,b", /labels\.csv, line 3: "\.\.\/a\.png" leads out of /);
  refused("/etc/a.png,b", /line 3: "\/etc\/a\.png" leads out of /);
  refused("b.png,", /line 3: the column "CATEGORY" is empty/);
  refused(",b", /line 3: the column "FILE_NAME" is empty/);
  refused("b.tif,b", /line 3: b\.tif is not named as a PNG, JPEG or WebP image/);
  refused("b.png", /line 3: 1 values, but the header names 2 columns/);
});

Deno.test("a path that is no folder of classes is refused with the way out", () => {
  using folder = temporaryFolder();
  throws(() => names(join(folder.path, "nowhere")), /^DataError: There is no .*nowhere/);
  throws(() => names(folder.path), /has no PNG, JPEG or WebP image; images lie in one folder per class/);
  const image = write(join(folder.path, "a.png"), "");
  throws(
    () => names(folder.path),
    /a\.png lies in no folder of a class: put it into one, or write an index labels\.csv/,
  );
  throws(() => names(image), /a\.png is neither a folder nor a CSV file/);
});

Deno.test("splits come from files beside the classes, and classes that no file names are left out", () => {
  using folder = temporaryFolder();
  writeFolders(folder.path, 5, 1);
  write(join(folder.path, "splits", "train.txt"), "class 03\nclass 01\n");
  write(join(folder.path, "splits", "val.txt"), "class 00\n");
  write(join(folder.path, "splits", "test.txt"), "class 04\n");
  const { classes, splits } = listImages(images(folder.path));
  equal(classes.map(({ name }) => name), ["class 00", "class 01", "class 03", "class 04"]);
  equal(splits, { train: ["class 01", "class 03"], validation: ["class 00"], test: ["class 04"] });
});
