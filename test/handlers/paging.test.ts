import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import { entry } from '../support/entries.ts';
import { nextLink, post } from '../support/http.ts';
import { nanosecondsOf } from '../support/oracle.ts';
import { type Service, startService } from '../support/service.ts';

const COUNT = 5_000;
/** Each instant is that of a hundred entries, of a tenth of them written another way. */
const INSTANTS = COUNT / 100;
const START = Date.now() - 3 * 86_400_000;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

describe('Paging through 5,000 entries', () => {
  test('with equal instants among them and others arriving yields each exactly once, newest first', async () => {
    const sent = Array.from({ length: COUNT }, (_, n) =>
      entry({ datetime: instantOf(n), severity: severityOf(n), message: 'The same of many' }),
    );
    for (let at = 0; at < COUNT; at += 1_000) await post(service.url, sent.slice(at, at + 1_000));

    const found = await readWhileOthersArrive('/logs?limit=250');
    expectEachOnce(found, sent);
    expectNewestFirst(found);
  });

  test('by severity and text does so too', async () => {
    const marked = Array.from({ length: 600 }, (_, n) =>
      entry({ datetime: instantOf(n), severity: severityOf(n), message: `Marked ${n}` }),
    );
    await post(service.url, marked);
    const found = await readWhileOthersArrive('/logs?limit=20&severity=error,warning&contains=Marked');
    expectEachOnce(
      found,
      marked.filter(({ severity }) => severity !== 'info'),
    );
    expectNewestFirst(found);
  });
});

function instantOf(n: number): string {
  const milliseconds = START + (n % INSTANTS) * 5_000_000;
  if (n % 10 > 0) return new Date(milliseconds).toISOString();
  return new Date(milliseconds + 3_600_000).toISOString().replace('Z', '000+01:00');
}

function severityOf(n: number) {
  return (['info', 'warning', 'error'] as const)[n % 3];
}

/** All pages of a path. Between two pages entries arrive: newer, older, and at the very instants. */
async function readWhileOthersArrive(path: string): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  let next: string | undefined = service.url + path;
  while (next) {
    const answer: Response = await fetch(next);
    found.push(...((await answer.json()) as LogEntry[]));
    next = nextLink(answer);
    const last = found.at(-1)?.datetime ?? '';
    const datetimes = [new Date().toISOString(), '2020-01-01T00:00:00Z', last, instantOf(0), instantOf(49)];
    await post(
      service.url,
      datetimes.map((datetime) => entry({ datetime, message: 'arrived' })),
    );
  }
  return found;
}

function expectEachOnce(found: LogEntry[], sent: LogEntry[]): void {
  const times = new Map<string, number>();
  for (const { id } of found) times.set(id, (times.get(id) ?? 0) + 1);
  expect(sent.filter(({ id }) => times.get(id) !== 1)).toEqual([]);
  expect([...times.values()].filter((count) => count > 1)).toEqual([]);
}

function expectNewestFirst(found: LogEntry[]): void {
  const instants = found.map(({ datetime }) => nanosecondsOf(datetime));
  expect(instants.filter((instant, at) => at > 0 && instant > (instants[at - 1] ?? 0n))).toEqual([]);
}
