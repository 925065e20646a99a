/**
 * Opens a page in a browser at the widths of a phone, a tablet and a laptop, light and dark, and as printed, and prints as JSON what does not fit and what
 * axe-core finds. A program of its own, because a browser needs more permissions than tests have. Arguments: the browser's program, the page's file.
 */
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";

/** What was seen in one view. */
export interface View {
  /** "390 light" */
  readonly name: string;
  readonly width: number;
  /** Larger than the width where the page scrolls sideways. */
  readonly scrollWidth: number;
  /** Elements that reach out of the window, or out of a box that does not scroll to them. */
  readonly outside: readonly string[];
  /** Rules that axe-core sees broken, with the first element that breaks each. */
  readonly violations: readonly string[];
}

/** What was seen of what a reader can do. */
export interface Inspected {
  readonly views: readonly View[];
  /** Text of the tooltip after a touch of a mark. */
  readonly touched: string;
  /** The status of the table of cells opened by an address with a filter, and the address after another filter. */
  readonly linked: string;
  readonly address: string;
  /** Marks of a figure before and after a click on the first name of its legend, and after a second one. */
  readonly marks: readonly number[];
  /** What the first copy buttons of a command, and of a table as CSV and LaTeX, put on the clipboard. */
  readonly copied: readonly string[];
  readonly picture: CopiedPicture;
}

/** What the copy button of a figure puts on the clipboard. */
export interface CopiedPicture {
  readonly types: readonly string[];
  /** Width and height in pixels, of the copy and of the figure on the page. */
  readonly copied: readonly number[];
  readonly shown: readonly number[];
  /** Of the copy's pixels, the share that is not white, and the least opacity. */
  readonly ink: number;
  readonly opacity: number;
  /** What the button says where the browser does not allow it. */
  readonly refused: string;
}

const OUTSIDE = `(() => {
  const clips = (element) => getComputedStyle(element).overflowX !== "visible";
  const hidden = (element) => element.closest("script, style") !== null || element.ownerSVGElement ||
    [...ancestors(element), element].some((one) => getComputedStyle(one).clipPath !== "none");
  const ancestors = (element) => element.parentElement === null ? [] : [...ancestors(element.parentElement), element.parentElement];
  const width = document.documentElement.clientWidth;
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (hidden(element)) continue;
    const { left, right, height } = element.getBoundingClientRect();
    if (left === right || height === 0) continue;
    const holder = ancestors(element).findLast((one) => one !== document.documentElement && one !== document.body && clips(one));
    const box = holder === undefined ? { left: 0, right: width } : holder.getBoundingClientRect();
    const reachable = holder !== undefined && /auto|scroll/.test(getComputedStyle(holder).overflowX);
    const from = box.left - (reachable ? holder.scrollLeft : 0);
    const to = reachable ? box.left + holder.clientLeft + holder.scrollWidth - holder.scrollLeft : box.right;
    if (left < from - 1 || right > to + 1) found.push(element.tagName + "." + element.className + ": " + element.textContent.trim().slice(0, 40));
  }
  return found;
})()`;

async function look(page: Page, name: string): Promise<View> {
  await page.evaluate(`
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
    document.querySelectorAll(".tall").forEach((one) => { one.style.contentVisibility = "visible"; });
  `);
  const [width, scrollWidth] = await page.evaluate<[number, number]>(
    "[document.documentElement.clientWidth, document.documentElement.scrollWidth]",
  );
  const outside = await page.evaluate<string[]>(OUTSIDE);
  await page.evaluate(axe.source);
  const violations = await page.evaluate<string[]>(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 160) + ' ' + nodes[0].failureSummary))",
  );
  return { name, width, scrollWidth, outside, violations };
}

/** A page at a width with everything drawn that is drawn late. */
async function opened(browser: Browser, address: string, width: number, colorScheme: "light" | "dark"): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
  await page.goto(address);
  await page.locator("#cells").scrollIntoViewIfNeeded();
  await page.locator(".cells [role=status]").waitFor();
  return page;
}

async function inspectViews(browser: Browser, address: string): Promise<View[]> {
  const views: View[] = [];
  for (const width of [390, 768, 1440]) {
    for (const scheme of ["light", "dark"] as const) {
      const page = await opened(browser, address, width, scheme);
      views.push(await look(page, `${width} ${scheme}`));
      await page.close();
    }
  }
  // What A4 leaves between its margins.
  const page = await opened(browser, address, 720, "light");
  await page.emulateMedia({ media: "print" });
  views.push(await look(page, "print"));
  await page.close();
  return views;
}

/** Scrolls to the first figure of a kind and waits until it is interactive; sections above it may find their height only then. */
async function drawn(page: Page, kind: string): Promise<Locator> {
  const figure = page.locator(`figure[id^=${kind}]`).first();
  for (let tries = 0; tries < 20 && await figure.getAttribute("data-state") !== "interactive"; tries++) {
    await figure.scrollIntoViewIfNeeded();
    await page.waitForTimeout(500);
  }
  return figure;
}

async function touchMark(browser: Browser, address: string): Promise<string> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await page.goto(address);
  const figure = await drawn(page, "verdict_grid");
  await figure.locator(".mark-rect.role-mark path").first().tap({ force: true });
  await page.locator("#vg-tooltip-element.visible").waitFor({ timeout: 10_000 });
  const text = await page.locator("#vg-tooltip-element").innerText();
  await context.close();
  return text;
}

async function followLink(browser: Browser, address: string): Promise<{ linked: string; address: string }> {
  const page = await browser.newPage({ reducedMotion: "reduce" });
  await page.goto(`${address}#cells?shots%3D5%20algorithm%3Dmaml`);
  const status = page.locator(".cells [role=status]");
  await status.waitFor();
  const linked = await status.innerText();
  await page.locator(".cells").getByLabel("Filter").fill("shots=10");
  const { hash } = new URL(page.url());
  await page.close();
  return { linked, address: hash };
}

async function hideSeries(browser: Browser, address: string): Promise<number[]> {
  const page = await browser.newPage({ reducedMotion: "reduce" });
  await page.goto(address);
  const figure = await drawn(page, "cost_by_score");
  const count = () => figure.locator(".mark-symbol.role-mark path").count();
  const marks = [await count()];
  const id = await figure.getAttribute("id");
  for (const pressed of ["false", "true"]) {
    await figure.locator("[aria-pressed]").first().focus();
    await page.keyboard.press("Enter");
    await page.locator(`[id="${id}"] [aria-pressed=${pressed}]`).first().waitFor();
    if (pressed === "true") await page.locator(`[id="${id}"][data-hidden=""]`).waitFor();
    marks.push(await count());
  }
  await page.close();
  return marks;
}

async function copy(browser: Browser, address: string): Promise<string[]> {
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  await page.goto(address);
  const copied: string[] = [];
  for (const button of [".copy > button", ".hero + .tools button:nth-child(1)", ".hero + .tools button:nth-child(2)"]) {
    await page.locator(button).first().click();
    await page.locator(button, { hasText: "Copied" }).first().waitFor();
    copied.push(await page.evaluate<string>("navigator.clipboard.readText()"));
  }
  await context.close();
  return copied;
}

const CLIPBOARD = `(async () => {
  const [item] = await navigator.clipboard.read();
  const picture = await createImageBitmap(await item.getType("image/png"));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  let [inked, opacity] = [0, 255];
  for (let at = 0; at < data.length; at += 4) {
    if (Math.min(data[at], data[at + 1], data[at + 2]) < 200) inked++;
    opacity = Math.min(opacity, data[at + 3]);
  }
  return { types: item.types, copied: [picture.width, picture.height], ink: 4 * inked / data.length, opacity: opacity / 255 };
})()`;

/** Copies a figure of a dark page as a picture, where that is allowed and where it is not. */
async function copyPicture(browser: Browser, address: string): Promise<CopiedPicture> {
  const context = await browser.newContext({
    permissions: ["clipboard-read", "clipboard-write"],
    ...{ colorScheme: "dark", reducedMotion: "reduce" },
  });
  const page = await context.newPage();
  await page.goto(address);
  const figure = await drawn(page, "cost_by_score");
  const shown = await figure.locator("svg.marks").evaluate((picture) =>
    ["width", "height"].map((side) => Number(picture.getAttribute(side)))
  );
  const button = figure.getByRole("button", { name: "Copy as PNG" });
  await button.click();
  await figure.getByRole("button", { name: "Copied" }).waitFor();
  const seen = await page.evaluate<Omit<CopiedPicture, "shown" | "refused">>(CLIPBOARD);
  await button.waitFor();
  await page.evaluate("navigator.clipboard.write = () => Promise.reject(new Error('not allowed'))");
  await button.click();
  const refusal = figure.getByRole("button", { name: "Not allowed" });
  await refusal.waitFor();
  const refused = await refusal.innerText();
  await context.close();
  return { ...seen, shown, refused };
}

async function inspect(program: string, file: string): Promise<Inspected> {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  const browser = await chromium.launch({ executablePath: program, args });
  try {
    const address = pathToFileURL(file).href;
    return {
      views: await inspectViews(browser, address),
      touched: await touchMark(browser, address),
      ...await followLink(browser, address),
      marks: await hideSeries(browser, address),
      copied: await copy(browser, address),
      picture: await copyPicture(browser, address),
    };
  } finally {
    await browser.close();
  }
}

if (import.meta.main) console.log(JSON.stringify(await inspect(Deno.args[0], Deno.args[1])));
