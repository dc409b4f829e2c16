import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { LogEntry } from '../../entities/entry.ts';
import { axeViolations, hasBrowser, launchBrowser, openWatched, type WatchedPage } from './browser.ts';
import { post } from './http.ts';
import { type Service, startService } from './service.ts';

export interface PageSession {
  service: Service;
  browser: Browser;
  /** The page that `open` opened last. */
  page: Page;
  /** Opens the page of the service with a query, and waits until it has loaded. */
  open(query?: string, options?: OpenOptions): Promise<void>;
  /** Says which complaints of the browser the test provokes, whenever they come. */
  provokes(complaints: RegExp): void;
  /** The messages of the rows in sight and near to it, from the top. */
  messages(): Promise<string[]>;
  /** How many rows the list has. */
  count(): Promise<number>;
  /** Does something that makes the page ask the service again, and waits until the answer is on show. */
  reloadedBy(action: () => Promise<unknown>): Promise<void>;
  /** Collects the requests for entries from now on. */
  requests(): URL[];
}

export type OpenOptions = BrowserContextOptions & {
  base?: string;
  /** Runs before the page is loaded. */
  prepare?: (page: Page) => Promise<unknown>;
  /** Whether to wait for the first entries. */
  waits?: boolean;
};

let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/** What axe has checked in this file. */
const checked = new Set<string>();

/** Resolves once something is so in the page. Its policy forbids Playwright's waitForFunction, which evaluates a text. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Lets a tenth of each wait of the page pass. For `prepare`. */
export function hurry(page: Page): Promise<unknown> {
  return page.addInitScript(
    'const { setTimeout } = window; window.setTimeout = (run, time) => setTimeout(run, time / 10);',
  );
}

/**
 * A group of tests in a browser, over a service of its own with these entries. After each test the page must be free
 * of errors, of requests to other hosts, and of what axe finds wrong. The groups of a file share the browser.
 */
export function describePage(
  title: string,
  stored: readonly LogEntry[],
  define: (session: PageSession) => void,
): void {
  (hasBrowser ? describe : describe.skip)(title, () => {
    let watched: WatchedPage | undefined;
    let provoked: RegExp | undefined;
    const session = {
      async open(query = '', { base = session.service.url, waits = true, ...options } = {}) {
        watched = await openWatched(session.browser, `${base}/${query}`, options);
        session.page = watched.page;
        if (waits) await session.page.locator('#progress').waitFor({ state: 'hidden' });
      },
      provokes: (complaints) => {
        provoked = complaints;
      },
      messages: () => session.page.locator('.line .message').allTextContents(),
      async count() {
        const item = session.page.locator('#entries > li').first();
        return (await item.count()) === 0 ? 0 : Number(await item.getAttribute('aria-setsize'));
      },
      async reloadedBy(action) {
        await Promise.all([session.page.waitForResponse(/\/logs\?/), action()]);
        await session.page.locator('#progress').waitFor({ state: 'hidden' });
      },
      requests() {
        const asked: URL[] = [];
        session.page.on('request', (request) => {
          const url = new URL(request.url());
          if (url.pathname.endsWith('/logs')) asked.push(url);
        });
        return asked;
      },
    } as PageSession;

    beforeAll(async () => {
      session.service = await startService();
      for (let at = 0; at < stored.length; at += 5_000)
        await post(session.service.url, stored.slice(at, at + 5_000));
      browser ??= launchBrowser();
      session.browser = await browser;
    });
    afterAll(() => session.service.close());
    afterEach(async () => {
      const violations = await axeViolations(session.page, checked);
      await session.page.context().close();
      const complaints = watched?.complaints.filter((complaint) => !provoked?.test(complaint));
      provoked = undefined;
      expect({ violations, complaints }).toEqual({ violations: [], complaints: [] });
    });

    define(session);
  });
}
