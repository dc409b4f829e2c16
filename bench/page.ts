import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';
import type { Section } from './report.ts';
import { type Service, secondsToPost, startService } from './service.ts';
import { median, percentile } from './statistics.ts';

const ROWS = 10_000;
const ENTRIES_PER_REQUEST = 500;
const SCROLLED_FRAMES = 300;
const FOLLOWED_SECONDS = 60;
const PER_SECOND = 500;
/** A phone at the edge of its network: 400 kbit/s, and 100 ms to the service and back. */
const SLOW = { offline: false, downloadThroughput: 50_000, uploadThroughput: 50_000, latency: 100 };

/** Milliseconds from frame to frame, and of the longest task of the main thread. */
interface Frames {
  frames: number[];
  longest: number;
}

/** How the page reads: frames and tasks with many rows, the first rows over a slow network, and the size of its files. */
export async function measure(): Promise<Section> {
  const service = await startService();
  const found = await findChromium();
  const browser = await chromium.launch({
    executablePath: found?.executablePath,
    args: ['--no-sandbox', '--disable-gpu'],
    env: { ...process.env, ...found?.env } as Record<string, string>,
  });
  const end = Date.now() - 3_600_000;
  await post(service, ROWS, end);
  const firstRows = await secondsToFirstRows(browser, service);
  const scrolled = await scroll(browser, service, end);
  const followed = await followLive(browser, service);
  const sizes = await sizesOf(service);
  const ofScripts = sizes.reduce((sum, [path, bytes]) => sum + (path.endsWith('.js') ? bytes : 0), 0);
  await browser.close();
  await service.stop();
  const row = (what: string, { frames, longest }: Frames) => [
    what,
    median(frames).toFixed(1),
    percentile(frames, 0.95).toFixed(1),
    Math.round(longest),
  ];
  return {
    title: 'The page',
    text: `Milliseconds from frame to frame, in Chromium without a GPU; a screen shows one each 16.7 ms. ${ROWS.toLocaleString('en')} rows are scrolled by 300 pixels a frame; then ${PER_SECOND} entries a second are followed for ${FOLLOWED_SECONDS} s. Sizes are those of gzip.`,
    tables: [
      {
        columns: ['', 'frame p50', 'frame p95', 'longest task'],
        rows: [row('scrolling', scrolled), row('following', followed)],
      },
      { columns: ['file', 'KB'], rows: sizes.map(([path, bytes]) => [path, (bytes / 1_024).toFixed(1)]) },
    ],
    ratios: [],
    goals: [
      { name: 'A frame while scrolling, p50', measured: median(scrolled.frames), unit: 'ms', atMost: 20 },
      { name: 'A frame while following, p50', measured: median(followed.frames), unit: 'ms', atMost: 20 },
      {
        name: 'The longest task of the main thread',
        measured: Math.max(scrolled.longest, followed.longest),
        unit: 'ms',
        atMost: 200,
      },
      { name: 'The first rows at 400 kbit/s', measured: firstRows, unit: 's', atMost: 3 },
      { name: 'The scripts of a first view', measured: ofScripts / 1_024, unit: 'KB', atMost: 30 },
    ],
  };
}

/** The files that a first view loads, and the bytes of each. */
async function sizesOf({ url }: { url: string }): Promise<[string, number][]> {
  const html = await (await fetch(`${url}/`)).text();
  const paths = [...html.matchAll(/(?:src|href)="(page\/[^"]+)"/g)].map(([, path]) => `/${path}`);
  return Promise.all(
    ['/', ...paths].map(async (path): Promise<[string, number]> => {
      const content = await (await fetch(url + path)).arrayBuffer();
      return [path, gzipSync(content).length];
    }),
  );
}

/** Posts entries that end at an instant, a millisecond apart. */
async function post(service: Service, count: number, end: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, index) => ({
    id: crypto.randomUUID(),
    datetime: new Date(end - index).toISOString(),
    severity: index % 50 === 0 ? 'error' : index % 10 === 0 ? 'warning' : 'info',
    message: `GET /orders/${index} answered 200 in ${index % 97} ms`,
    attributes: { 'service.name': `service-${index % 5}`, http: { status: 200, path: `/orders/${index}` } },
  }));
  const bodies: string[] = [];
  for (let at = 0; at < count; at += ENTRIES_PER_REQUEST)
    bodies.push(JSON.stringify(entries.slice(at, at + ENTRIES_PER_REQUEST)));
  await secondsToPost(service, bodies, 4);
}

async function secondsToFirstRows(browser: Browser, { url }: Service): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await (await context.newCDPSession(page)).send('Network.emulateNetworkConditions', SLOW);
  const start = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator('.line').first().waitFor();
  const seconds = (performance.now() - start) / 1_000;
  await context.close();
  return seconds;
}

/** Loads all rows, and scrolls through them from the top. */
async function scroll(browser: Browser, { url }: Service, end: number): Promise<Frames> {
  const page = await browser.newPage();
  await page.goto(`${url}/?to=${new Date(end + 1).toISOString()}`);
  await page.locator('.line').first().waitFor();
  while ((await rowsOf(page)) < ROWS) await page.keyboard.press('End');
  await page.locator('#scroller').evaluate((scroller) => scroller.scrollTo({ top: 0 }));
  await page.evaluate(observe('document.querySelector("#scroller").scrollBy(0, 300)'));
  while (((await page.evaluate('frames.length')) as number) < SCROLLED_FRAMES) await delay(200);
  return finish(page);
}

/** Follows while entries come, over a list that is full. */
async function followLive(browser: Browser, service: Service): Promise<Frames> {
  const page = await browser.newPage();
  await page.goto(`${service.url}/?follow=1`);
  await page.locator('.line').first().waitFor();
  await page.evaluate(observe(''));
  for (let second = 0; second < FOLLOWED_SECONDS; second += 1) {
    const [next] = [delay(1_000), await post(service, PER_SECOND, Date.now())];
    await next;
  }
  return finish(page);
}

async function rowsOf(page: Page): Promise<number> {
  return Number(await page.locator('#entries > li').first().getAttribute('aria-setsize'));
}

async function finish(page: Page): Promise<Frames> {
  const { times, longest } = (await page.evaluate('({ times: frames, longest })')) as {
    times: number[];
    longest: number;
  };
  await page.close();
  return { frames: times, longest };
}

/** Runs in the page: keeps the time from frame to frame, in which something is done, and the longest task. */
function observe(each: string): string {
  return `
    globalThis.frames = [];
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: 'longtask' });
    let before = performance.now();
    const frame = (now) => {
      frames.push(now - before);
      before = now;
      ${each};
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  `;
}
