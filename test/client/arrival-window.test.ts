import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createArrivalWindow } from '../../client/arrival-window.ts';
import { keyOf } from '../../client/entry-text.ts';
import type { LogEntry } from '../../entities/entry.ts';

describe('The window of arrivals', () => {
  const OVERLAP = 1_000;
  /** What arrives between two reads, read by read. Each entry is late by less than the overlap. */
  const rounds = fc.array(
    fc.array(
      fc.record({ id: fc.constantFrom('a', 'b'), late: fc.nat({ max: OVERLAP - 1 }), copies: fc.nat(2) }),
      {
        maxLength: 4,
      },
    ),
    { maxLength: 8 },
  );

  test('returns each entry that is late by less than the overlap exactly once, whatever the page size', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, fc.integer({ min: 1, max: 3 }), async (given, pageSize) => {
        const stored = new Map<string, LogEntry>();
        let clock = Date.parse('2026-03-01T03:00:00Z');
        const window = createArrivalWindow({
          overlap: OVERLAP,
          now: () => clock,
          async *read(from) {
            const newestFirst = [...stored.values()]
              .filter(({ datetime }) => datetime >= from)
              .sort((a, b) => (a.datetime < b.datetime ? 1 : -1));
            for (let at = 0; at < newestFirst.length; at += pageSize)
              yield { entries: newestFirst.slice(at, at + pageSize) };
          },
        });
        const shown: string[] = [];
        for (const arrivals of [...given, []]) {
          shown.push(...(await window.readNew()).map(keyOf));
          clock += 700;
          for (const { id, late, copies } of arrivals) {
            const datetime = new Date(clock - late).toISOString();
            for (let copy = 0; copy <= copies; copy += 1) {
              const entry: LogEntry = { id, datetime, severity: 'info', message: `copy ${copy}` };
              stored.set(keyOf(entry), entry);
            }
          }
        }
        shown.push(...(await window.readNew()).map(keyOf));
        expect(shown.toSorted()).toEqual([...stored.keys()].toSorted());
      }),
    );
  });

  test('repeats nothing when its window holds more than it remembers', async () => {
    const at = (second: number): LogEntry => ({
      id: `${second}`,
      datetime: new Date(Date.UTC(2026, 2, 1, 3, 0, second)).toISOString(),
      severity: 'info',
      message: '',
    });
    const stored = [at(3), at(2), at(1), at(0)];
    const window = createArrivalWindow({
      overlap: 3_600_000,
      remembered: 2,
      now: () => Date.UTC(2026, 2, 1, 3, 1),
      async *read(from) {
        yield { entries: stored.filter(({ datetime }) => datetime >= from) };
      },
    });
    expect((await window.readNew()).map(({ id }) => id)).toEqual(['0', '1', '2', '3']);
    stored.unshift(at(4));
    expect((await window.readNew()).map(({ id }) => id)).toEqual(['4']);
    expect(await window.readNew()).toEqual([]);
  });

  test('returns after a failed read what that read missed', async () => {
    const entry: LogEntry = { id: 'a', datetime: '2026-03-01T03:00:00Z', severity: 'info', message: '' };
    let fails = true;
    const window = createArrivalWindow({
      overlap: OVERLAP,
      now: () => Date.parse(entry.datetime),
      async *read() {
        yield { entries: [entry] };
        if (fails) throw new Error('broken off');
      },
    });
    await expect(window.readNew()).rejects.toThrow('broken off');
    fails = false;
    expect(await window.readNew()).toEqual([entry]);
  });
});
