import { gzipSync } from 'node:zlib';
import type { Context } from 'aws-lambda';
import { handler } from '../../handlers/ingest-logs.ts';
import { ENTRIES_LIMIT, WIRE_LIMIT_BYTES } from '../../handlers/limits.ts';
import { postEvent, typicalEntry } from '../support/typical-entry.ts';
import { stubNetwork } from './stub-network.ts';

const context = { functionName: 'log-ingest', functionVersion: '1', memoryLimitInMB: '1769' } as Context;

/** Handles the one request that the command line names, and tells the parent the peak of memory in KiB. */
stubNetwork();
const event = eventOf(process.argv[2] ?? '');
if (event !== undefined) {
  const { statusCode, body } = await handler(event, context);
  if (statusCode !== 200) throw new Error(body);
}
process.send?.(process.resourceUsage().maxRSS);
process.disconnect();

function eventOf(request: string): object | undefined {
  switch (request) {
    case 'one':
      return postEvent(line());
    case 'plain':
      return postEvent(linesUpTo(WIRE_LIMIT_BYTES));
    case 'gzip':
      return postEvent(gzipSync(Array.from({ length: ENTRIES_LIMIT }, line).join('')));
    default:
      return undefined;
  }
}

function line(): string {
  return `${JSON.stringify(typicalEntry())}\n`;
}

function linesUpTo(bytes: number): string {
  let lines = '';
  for (let next = line(); lines.length + next.length <= bytes; next = line()) lines += next;
  return lines;
}
