import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toLogEntryRow } from '../entities/log-entry.ts';
import { isAbove } from '../entities/position.ts';
import { datetimes, entries, ids, texts } from './support/arbitraries.ts';

describe('A position', () => {
  test('is above another exactly where its bytes in UTF-8 are, which is how DynamoDB orders keys', () => {
    const positions = fc
      .tuple(
        fc.constantFrom('2023-11-15T12:05:00.000000000Z', '2023-11-15T12:05:00.000000001Z'),
        fc.oneof(ids, texts),
      )
      .map(([instant, id]) => `${instant}#${id}`);
    fc.assert(
      fc.property(positions, positions, (a, b) => {
        expect(isAbove(a, b)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0);
      }),
    );
  });

  test('of an id beyond U+FFFF is above one of the last characters before, though UTF-16 says otherwise', () => {
    const [emoji, compatibility] = ['\u{1F600}', '\uFF41'].map((id) => positionOf({ id })) as [
      string,
      string,
    ];
    expect(emoji < compatibility).toBe(true);
    expect(isAbove(emoji, compatibility)).toBe(true);
  });

  test('stands in the order of time, whatever id and content come behind it', () => {
    const dated = fc.tuple(entries, datetimes());
    fc.assert(
      fc.property(dated, dated, ([entryA, a], [entryB, b]) => {
        fc.pre(a.nanoseconds !== b.nanoseconds);
        const [positionOfA, positionOfB] = [
          positionOf({ ...entryA, datetime: a.text }),
          positionOf({ ...entryB, datetime: b.text }),
        ];
        expect(isAbove(positionOfA, positionOfB)).toBe(a.nanoseconds > b.nanoseconds);
      }),
    );
  });

  test('is the same for the same entry, and another for an entry that differs in anything', () => {
    fc.assert(
      fc.property(entries, entries, (a, b) => {
        const isSame = JSON.stringify(a) === JSON.stringify(b);
        expect(positionOf(a) === positionOf(b)).toBe(isSame);
      }),
    );
    const one = { id: 'one', datetime: '2023-11-15T12:05:00Z', severity: 'info', message: 'm' } as const;
    const others = [
      { ...one, id: 'other' },
      { ...one, datetime: '2023-11-15T12:05:00.0Z' },
      { ...one, severity: 'error' },
      { ...one, message: 'n' },
    ] as const;
    expect(new Set([one, ...others].map(positionOf)).size).toBe(5);
  });
});

function positionOf(overrides: Partial<Parameters<typeof toLogEntryRow>[0]>): string {
  const entry = { id: 'id', datetime: '2023-11-15T12:05:00Z', severity: 'info', message: '' } as const;
  return toLogEntryRow({ ...entry, ...overrides }, 8, 1).position;
}
