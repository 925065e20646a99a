import { deepStrictEqual as equal, match, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import { sha256 } from "../../common/digest.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { filesOfGallery, GALLERY_PAGE } from "../../reports/paper/gallery.ts";
import { smoke } from "../sweeps/smoke.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import { drawGallery, galleryRun } from "./gallery.ts";

/** Makes a run of the tiny sweep. @returns its folder */
async function finished(folder: string, name = "run"): Promise<string> {
  const out = join(folder, name);
  const { code, err } = await cli("--sweep", writeSweep(folder), "--out", out, "--workers", "1", "--backend", "wasm");
  equal(code, 0, err);
  return out;
}

/** The files of a folder by name. */
function filesOf(folder: string): Record<string, string> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return Object.fromEntries(names.map((name) => [name, sha256(Deno.readFileSync(join(folder, name)))]));
}

Deno.test("a gallery of the same results has the same bytes wherever they lie, and the sweep that makes them again", () =>
  withFolder(async (folder) => {
    const run = await finished(folder);
    const [first, second] = [join(folder, "first"), join(folder, "second")];
    const { names, lacks } = await drawGallery([run], first, false);
    equal(lacks, "");
    ok(names.includes("tiny-curve_adaptation-sinusoid.png"), names.join());
    await Deno.rename(run, join(folder, "moved"));
    await drawGallery([join(folder, "moved")], second, false);
    equal(filesOf(second), filesOf(first));
    equal(Object.keys(filesOf(first)), names.toSorted());

    const page = await Deno.readTextFile(join(first, GALLERY_PAGE));
    match(page, /deno task gallery reports\/runs\/tiny\n/);
    match(page, /deno task bench --sweep docs\/gallery\/tiny\.json --backend wasm\n/);
    ok(!page.includes(folder), page);
    const { code, out, err } = await cli(
      "--sweep",
      join(first, "tiny.json"),
      "--dry-run",
      "--out",
      join(folder, "new"),
    );
    equal(code, 0, err);
    const { digest } = JSON.parse(await Deno.readTextFile(join(folder, "moved", "sweep.json")));
    ok(out.includes(`Sweep "tiny" (${digest.slice(0, 8)})`), out);
  }));

Deno.test("a gallery replaces what an earlier one drew and nothing else", () =>
  withFolder(async (folder) => {
    const run = await finished(folder);
    const out = join(folder, "gallery");
    await Deno.mkdir(out);
    await Deno.writeTextFile(join(out, "notes.md"), "mine");
    await rejects(() => drawGallery([run], out, false), /holds something else than a gallery; choose another --out/);
    await Deno.remove(join(out, "notes.md"));
    await drawGallery([run], out, false);
    const files = filesOf(out);
    const page = join(out, GALLERY_PAGE);
    await Deno.writeTextFile(page, await Deno.readTextFile(page) + "![old](old-figure.png)\n");
    await Deno.writeTextFile(join(out, "old-figure.png"), "drawn by an older version");
    await Deno.writeTextFile(join(out, "notes.md"), "mine");
    await drawGallery([run], out, false);
    equal(filesOf(out), { ...files, "notes.md": sha256("mine") });

    await rejects(() => drawGallery([run, run], out, false), /are both runs of "tiny", .*; name one of them/);
    await Deno.remove(join(run, "store"), { recursive: true });
    await rejects(() => drawGallery([run], out, false), /gallery is left as it is: .*--tables-only/);
    equal(filesOf(out), { ...files, "notes.md": sha256("mine") });
    match((await drawGallery([run], out, true)).lacks, /test evaluations/);
  }));

Deno.test("a run of a built-in sweep is made again by the sweep's name", () => {
  const manifest = { backend: { name: "wasm", reason: "" } } as Parameters<typeof galleryRun>[0]["manifest"];
  const { commands, files } = galleryRun({ sweep: smoke, manifest }, {} as Parameters<typeof galleryRun>[1]);
  equal([commands, files], [["deno task bench --profile smoke --backend wasm"], {}]);
});

Deno.test("the gallery of the documentation is small, and shows each of its files", () => {
  const folder = join(PROJECT_ROOT, "docs", "gallery");
  const page = Deno.readTextFileSync(join(folder, GALLERY_PAGE));
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name !== GALLERY_PAGE);
  equal(names.sort(), filesOfGallery(page)?.toSorted());
  for (const data of ["Sinusoids", "Tides", "Languages", "Omniglot"]) match(page, new RegExp(`^### ${data}`, "m"));
  const size = names.reduce((sum, name) => sum + Deno.statSync(join(folder, name)).size, 0);
  ok(size < 3e6, `${size} bytes`);
});
