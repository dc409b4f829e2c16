import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
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

/** The path of this machine's browser, undefined when there is none. */
export const browserPath = PATHS.find((path) => existsSync(path));

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath, args: QUIET });
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
  options: { colorScheme?: 'dark' | 'light' } = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ ...options, timezoneId: 'Asia/Kolkata' });
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
    if (new URL(request.url()).origin !== new URL(url).origin) complaints.push(`asks ${request.url()}`);
  });
  await page.goto(url);
  await page.locator('#progress').waitFor({ state: 'hidden' });
  return { page, complaints };
}
