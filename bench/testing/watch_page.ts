/**
 * Opens a page in a browser as a phone would, watches it and prints as JSON what was seen. A program of its own, because a browser needs more permissions
 * than tests have. Arguments: the browser's program, the page's address, seconds to watch.
 */
import { chromium } from "playwright-core";

/** What was seen. */
export interface Watched {
  /** Everything written to the console, refused loads included. */
  readonly messages: string[];
  /** Hosts that were asked for anything. */
  readonly hosts: string[];
  /** What the page said at first and in the end. */
  readonly first: string;
  readonly last: string;
  /** Pixels that the page is wider than a phone's screen. */
  readonly beyond: number;
}

if (import.meta.main) {
  const [program, address, seconds] = Deno.args;
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  const messages: string[] = [];
  const hosts = new Set<string>();
  page.on("console", (message) => void messages.push(message.text()));
  page.on("pageerror", (error) => void messages.push(String(error)));
  page.on("request", (request) => void hosts.add(new URL(request.url()).host));
  await page.goto(address);
  const first = await page.locator("main").innerText();
  await page.waitForTimeout(Number(seconds) * 1000);
  const last = await page.locator("main").innerText();
  const beyond = await page.evaluate("document.documentElement.scrollWidth - 390") as number;
  await browser.close();
  const watched: Watched = { messages, hosts: [...hosts], first, last, beyond };
  console.log(JSON.stringify(watched));
}
