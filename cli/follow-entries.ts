import { setTimeout } from 'node:timers/promises';
import { createFollower, type Entry } from '../page/follow.js';
import { instantOf } from '../page/instant.js';
import type { ReadOptions } from './arguments.ts';
import type { LogService } from './log-service.ts';
import { createPrinter } from './print-entries.ts';
import { ServiceError } from './service-error.ts';
import type { Terminal } from './terminal.ts';
import { escapeControls } from './terminal-text.ts';

/** Milliseconds between two reads: new enough for eyes, 30 reads a minute for the service. */
const INTERVAL = 2_000;
/** While the service can't be read, the wait doubles up to this. */
const LONGEST_INTERVAL = 30_000;

type Pause = (milliseconds: number) => Promise<void>;

/**
 * Prints the newest entries and then every new one, oldest first, until the terminal's signal. A service that
 * is away for a while is asked again until it answers; what came meanwhile is then shown.
 */
export async function followEntries(
  service: LogService,
  { query, limit, overlap, ...options }: ReadOptions,
  terminal: Terminal,
  pause: Pause = (milliseconds) => setTimeout(milliseconds, undefined, { signal: terminal.signal }),
): Promise<void> {
  const printer = createPrinter(options, terminal);
  const follower = createFollower({
    overlap,
    async *read(from) {
      for await (const page of service.pages({ ...query, from: laterOf(query.from, from) }, Infinity))
        yield page.entries;
    },
  });

  const shown = await readNewest(service, { query, limit });
  follower.note(shown.newestFirst);
  await printer.print(shown.newestFirst.toReversed());

  // The window reaches further back than a short list: what was there before it is known now, and not new.
  const known = shown.older ? instantOf(shown.newestFirst.at(-1)?.datetime ?? '') : '';
  await printer.print((await follower.poll()).filter(({ datetime }) => instantOf(datetime) >= known));

  for (let failures = 0; ; ) {
    await pause(Math.min(INTERVAL * 2 ** failures, LONGEST_INTERVAL)).catch(ignoreAbort);
    if (terminal.signal?.aborted) return;
    try {
      await printer.print(await follower.poll());
      failures = 0;
    } catch (error) {
      if (!(error instanceof ServiceError && error.passing)) throw error;
      if (failures === 0) terminal.stderr.write(`logs: ${escapeControls(error.message)}; trying on\n`);
      failures += 1;
    }
  }
}

async function readNewest(service: LogService, { query, limit }: Pick<ReadOptions, 'query' | 'limit'>) {
  const newestFirst: Entry[] = [];
  let older = false;
  for await (const page of service.pages(query, limit)) {
    newestFirst.push(...page.entries);
    older = page.hasNext;
  }
  return { newestFirst, older };
}

function laterOf(asked: string | undefined, from: string): string {
  return asked && instantOf(asked) > instantOf(from) ? asked : from;
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
