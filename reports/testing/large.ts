/**
 * Measures the report of a made-up sweep of ten thousand cells: how long it takes to draw, and to open in a browser. Prints one line; exits 1 beyond 10 s or
 * 2 s. Argument: the browser's program. Measure on an idle machine: deno run -A reports/testing/large.ts /usr/bin/chromium
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { writeReport } from "../mod.ts";
import { synthetic } from "./synthetic.ts";

const dir = await Deno.makeTempDir();
try {
  const input = synthetic({ seeds: 10, depths: [0, 1, 2], shots: [1, 2, 5, 10, 20], steps: [0, 1, 2, 5, 10, 20, 50] });
  const start = performance.now();
  const [page] = await writeReport(input, dir);
  const drawS = (performance.now() - start) / 1000;
  const browser = await chromium.launch({ executablePath: Deno.args[0] });
  const opened = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const before = performance.now();
  await opened.goto(pathToFileURL(join(page)).href);
  await opened.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  const openS = (performance.now() - before) / 1000;
  await browser.close();
  const mib = (await Deno.stat(page)).size / 2 ** 20;
  console.log(
    `${input.cells.length} cells, ${input.verdicts.length} verdicts: drawn in ${
      drawS.toFixed(1)
    } s (at most 10), page of ${mib.toFixed(1)} MiB opened in ${openS.toFixed(2)} s (at most 2)`,
  );
  if (drawS > 10 || openS > 2) Deno.exitCode = 1;
} finally {
  await Deno.remove(dir, { recursive: true });
}
