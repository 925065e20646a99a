/**
 * Opens a page in a browser as a reader would and prints what was seen as JSON. A program of its own, because a browser needs more permissions than
 * tests have. Arguments: the browser's program, the page's file.
 */
import { pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";

/** What was seen. */
export interface Seen {
  /** Everything written to the console, uncaught errors and refused loads included. */
  readonly messages: string[];
  /** Addresses asked for, the page's own left out. */
  readonly requests: string[];
  /** From the request to the first frame after loading. */
  readonly openMs: number;
  readonly figures: number;
  readonly interactive: number;
  readonly tooltip: string;
  /** The sort keys of the column of differences, after a click and after a second one by keyboard. */
  readonly ascending: string[];
  readonly descending: string[];
  readonly sorted: string | null;
  readonly backgrounds: string[];
  /** The table of cells: what its status says at first, after paging, after a filter, and the scores after sorting by them. */
  readonly cells: {
    readonly all: string;
    readonly paged: string;
    readonly filtered: string;
    readonly scores: string[];
    readonly markup: number;
  };
  /** Whether any text of the page ran as a script that sets `window.hacked`. */
  readonly hacked: boolean;
  /** With scripts off. */
  readonly plain: { readonly pictures: number; readonly rows: number; readonly buttons: number };
}

const TABLE = "#verdicts ~ .scroll:has(table) >> nth=0";

async function keys(page: Page): Promise<string[]> {
  return await page.locator(TABLE).locator("tbody tr td:nth-child(6) [data-sort]").evaluateAll((cells) =>
    cells.map((cell) => cell.getAttribute("data-sort") ?? "?")
  );
}

async function browseCells(page: Page): Promise<Seen["cells"]> {
  const holder = page.locator(".cells");
  await page.locator("#cells").scrollIntoViewIfNeeded();
  const status = holder.getByRole("status");
  await status.waitFor();
  const all = await status.innerText();
  await holder.getByRole("button", { name: "Next" }).click();
  const paged = await status.innerText();
  await holder.getByLabel("Filter").fill("shots=5 maml");
  const filtered = await status.innerText();
  await holder.getByRole("columnheader", { name: "score" }).getByRole("button").click();
  await page.keyboard.press("Enter");
  const scores = await holder.locator("tbody tr td:nth-child(12)").allInnerTexts();
  return { all, paged, filtered, scores, markup: await holder.locator("tbody script, tbody b, tbody img").count() };
}

async function browse(program: string, file: string): Promise<Seen> {
  const browser = await chromium.launch({ executablePath: program });
  try {
    const address = pathToFileURL(file).href;
    const page = await browser.newPage({
      viewport: { width: 1280, height: 900 },
      colorScheme: "dark",
      reducedMotion: "reduce",
    });
    const [messages, requests]: [string[], string[]] = [[], []];
    page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => messages.push(`uncaught: ${error.message}`));
    page.on("request", (request) => {
      if (request.url() !== address && !request.url().startsWith("data:")) requests.push(request.url());
    });
    const start = performance.now();
    await page.goto(address);
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    const openMs = performance.now() - start;

    const figures = await page.locator("figure").count();
    for (let i = 0; i < figures; i++) {
      const figure = page.locator("figure").nth(i);
      await figure.scrollIntoViewIfNeeded();
      await page.locator("figure[data-state=interactive]").nth(i).waitFor({ state: "attached", timeout: 20_000 });
    }
    const interactive = await page.locator("figure[data-state=interactive]").count();

    await page.locator("figure[id^=verdict_grid]").first().scrollIntoViewIfNeeded();
    await page.locator("figure[id^=verdict_grid] .mark-rect.role-mark path").first().hover({ force: true });
    await page.locator("#vg-tooltip-element.visible").waitFor({ timeout: 5000 });
    const tooltip = await page.locator("#vg-tooltip-element").innerText();

    const head = page.locator(TABLE).locator("thead th").nth(5);
    await head.locator("button").click();
    const ascending = await keys(page);
    await page.keyboard.press("Enter");
    const descending = await keys(page);
    const sorted = await head.getAttribute("aria-sort");
    const backgrounds = await page.evaluate<string[]>(
      "[...document.querySelectorAll('figure svg.marks')].map((picture) => getComputedStyle(picture).backgroundColor)",
    );

    const cells = await browseCells(page);
    const hacked = await page.evaluate<boolean>("'hacked' in window");

    const quiet = await browser.newPage({ javaScriptEnabled: false });
    await quiet.goto(address);
    const plain = {
      pictures: await quiet.locator("figure .picture svg").count(),
      rows: await quiet.locator(TABLE).locator("tbody tr").count(),
      buttons: await quiet.locator("th button").count(),
    };
    return {
      ...{
        messages,
        requests,
        openMs,
        figures,
        interactive,
        tooltip,
        ascending,
        descending,
        sorted,
        backgrounds,
        cells,
        hacked,
        plain,
      },
    };
  } finally {
    await browser.close();
  }
}

if (import.meta.main) console.log(JSON.stringify(await browse(Deno.args[0], Deno.args[1])));
