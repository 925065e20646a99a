import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { synthetic } from "../testing/synthetic.ts";
import { filesOfGallery, GALLERY_MARK, GALLERY_PAGE, galleryFiles, type GalleryRun } from "./gallery.ts";

const text = (content: string | Uint8Array | undefined) =>
  typeof content === "string" ? content : new TextDecoder().decode(content);

function run(name: string, change: Partial<GalleryRun> = {}): GalleryRun {
  const made = synthetic({ algorithms: ["mtl", "maml"], seeds: 3, shots: [5], depths: [1] });
  const input = { ...made, datasets: made.datasets.slice(0, 1) };
  return { name, commands: [`deno task bench --profile ${name}`], backend: "wasm", input, files: {}, ...change };
}

Deno.test("a gallery shows every picture that it has with a caption, and a second time gives the same bytes", async () => {
  const own = run("own", {
    commands: ["deno task bench --sweep docs/gallery/own.json"],
    files: { "own.json": "{}\n" },
  });
  const runs = [run("first"), own];
  const files = await galleryFiles(runs, "deno task gallery first own");
  // Whatever a clock enters, it enters in seconds.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const again = await galleryFiles(runs, "deno task gallery first own");
  equal([...again.keys()], [...files.keys()]);
  for (const [name, content] of files) equal(again.get(name), content, name);

  const page = text(files.get(GALLERY_PAGE));
  ok(page.startsWith(GALLERY_MARK));
  match(page, /```sh\ndeno task gallery first own\n```/);
  for (const { commands } of runs) ok(page.includes(commands[0]), commands[0]);
  const others = [...files.keys()].filter((name) => name !== GALLERY_PAGE);
  ok(others.filter((name) => name.endsWith(".png")).length >= 8, others.join());
  equal(filesOfGallery(page)?.toSorted(), others.toSorted());
  for (const [, , rest] of page.matchAll(/^!\[(.*)\]\([^)]*\)\n\n(.*)/gm)) match(rest, /\. /);
});

Deno.test("no title of a run gives the page of a gallery markup of its own", async () => {
  const { input } = run("x");
  const attack = '<script>"](x.png) & *';
  const hostile = {
    ...input,
    title: attack,
    datasets: input.datasets.map((dataset) => ({ ...dataset, title: attack })),
    algorithms: input.algorithms.map((algorithm) => ({ ...algorithm, title: attack })),
  };
  const page = text((await galleryFiles([run("x", { input: hostile })], "")).get(GALLERY_PAGE));
  ok(!/(?<!\\)<script/.test(page), page);
  ok(!filesOfGallery(page)?.includes("x.png"));
});

Deno.test("a page that is no gallery's names no files to be replaced", () => {
  equal(filesOfGallery("# Mine\n\n![](mine.png)\n"), undefined);
});
