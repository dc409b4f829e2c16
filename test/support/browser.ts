import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../bench/chromium.ts';

/** Chromium without the requests that it makes by itself. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const found = await findChromium();

/** Whether this machine has a browser. In CI its absence is a failure, and not a reason to skip tests. */
export const hasBrowser = found !== undefined || process.env.CI === 'true';
if (!found) console.warn('No Chrome or Chromium is found: the page is not tested');

export function launchBrowser(): Promise<Browser> {
  if (!found) throw new Error('No Chrome or Chromium is found to test the page in: install one');
  const { executablePath, env } = found;
  return chromium.launch({ executablePath, args: QUIET, env: { ...process.env, ...env } });
}

export interface WatchedPage {
  page: Page;
  /** Errors, violations of the content security policy, dialogs, and requests to other hosts. */
  complaints: string[];
}

/** Opens an address in a window of its own, and records what goes wrong there. */
export async function openWatched(
  browser: Browser,
  url: string,
  { prepare, ...options }: BrowserContextOptions & { prepare?: (page: Page) => Promise<unknown> } = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ timezoneId: 'Asia/Kolkata', ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'blob:' && origin !== new URL(url).origin) complaints.push(`asks ${request.url()}`);
  });
  await prepare?.(page);
  await page.goto(url);
  return { page, complaints };
}

/**
 * What axe finds wrong on the page, which then ends here: the rule, and the elements that break it. A page that shows
 * only kinds of elements that were checked before, in the same colours and at the same width, is not checked again.
 */
export async function axeViolations(page: Page, checked: Set<string>): Promise<string[]> {
  // Of thousands of like rows the first few tell.
  await page.evaluate(
    'for (const row of document.querySelectorAll("#entries > li:nth-child(n + 40)")) row.remove()',
  );
  const kinds: string[] = await page.evaluate(KINDS);
  if (kinds.every((kind) => checked.has(kind))) return [];
  for (const kind of kinds) checked.add(kind);
  // Playwright evaluates outside of the page's content security policy.
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as AxeResults;
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  );
}

/** Runs in the page: the kinds of the elements that are visible, with the colours and the width they are shown in. */
const KINDS = `(() => {
  const view = [matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light', innerWidth, document.body.dataset.view];
  const shown = [...document.querySelectorAll('body *')].filter((element) => element.checkVisibility());
  return [...new Set(shown.map(({ localName, id, className, ariaPressed, ariaExpanded }) =>
    [...view, localName, id, String(className), ariaPressed, ariaExpanded].join(' ')))];
})()`;
