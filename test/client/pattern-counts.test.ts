import { expect, test } from '@jest/globals';
import { createPatternCounts } from '../../client/pattern-counts.ts';
import { entry } from '../support/entries.ts';

test('Entries of a pattern and a severity are counted, with their first and last instant, over pages', () => {
  const counts = createPatternCounts();
  const failed = (order: number, datetime: string) =>
    entry({ datetime, severity: 'error', message: `order ${order} failed` });
  counts.add([
    entry({ datetime: '2024-01-01T00:00:00Z', message: 'Started' }),
    failed(7, '2024-01-01T12:00:00+01:00'),
    entry({ datetime: '2024-01-01T10:00:00Z', message: 'order 6 failed' }),
  ]);
  counts.add([failed(5, '2024-01-01T11:30:00Z'), failed(4, '2024-01-01T10:30:00Z')]);
  expect(counts.groups).toEqual([
    {
      pattern: 'order * failed',
      fixed: ['order', 'failed'],
      severity: 'error',
      count: 3,
      first: '2024-01-01T10:30:00.000000000Z',
      last: '2024-01-01T11:30:00.000000000Z',
      example: 'order 7 failed',
    },
    expect.objectContaining({ pattern: 'Started', count: 1 }),
    expect.objectContaining({ pattern: 'order * failed', severity: 'info', count: 1 }),
  ]);
});

test('Entries whose message is blank are alike by their attributes, and no text finds them', () => {
  const counts = createPatternCounts();
  for (const code of [1, 2]) counts.add([entry({ message: ' ', attributes: { event: `code ${code}` } })]);
  expect(counts.groups).toMatchObject([{ pattern: 'code *', fixed: [], count: 2 }]);
});
