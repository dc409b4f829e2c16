import { describe, expect, test } from '@jest/globals';
import { EMPTY_SEARCH } from '../../client/search-query.ts';
import { adviceForEmpty } from '../../page/empty-advice.ts';
import { countsOf } from '../../page/severity-counts.ts';
import { EVERYTHING, pageParametersOf, stateFrom, withSearch } from '../../page/view-state.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('The address of a view', () => {
  test('holds all parts of its search', () => {
    const state = {
      ...EVERYTHING,
      severity: ['error'],
      contains: ['disk full'],
      excludes: ['-x'],
      word: [TRACE],
      where: [{ name: 'a[0]', text: '' }],
      whereNot: [{ name: 'b', text: '1=2' }],
      at: '2026-03-01T02:50:00Z',
    };
    expect(stateFrom(new URLSearchParams(String(pageParametersOf(state)))).state).toEqual(state);
  });
});

describe('A view with another search', () => {
  const state = { ...EVERYTHING, last: '15m', follow: true, id: 'a', at: '2026-03-01T02:50:00Z' };

  test.each([
    ['an id', { contains: [TRACE] }, { last: '', from: '', to: '', at: '', follow: true }],
    ['a word', { word: ['order-4711'] }, { last: '', at: '' }],
    ['a moment', { at: '2026-03-01T02:51:00Z' }, { last: '', id: '', follow: false }],
    ['a text', { contains: ['disk'], at: state.at }, { last: '15m', id: '', at: state.at, follow: true }],
  ])('that has %s', (_, search, expected) => {
    expect({ ...state, ...withSearch(state, { ...EMPTY_SEARCH, ...search }) }).toMatchObject(expected);
  });

  test('keeps a range that was chosen after the id', () => {
    const narrowed = { ...EVERYTHING, contains: [TRACE], last: '1h' };
    const search = { ...EMPTY_SEARCH, contains: [TRACE, 'disk'] };
    expect({ ...narrowed, ...withSearch(narrowed, search) }).toMatchObject({ last: '1h' });
  });
});

test.each([
  [{ where: [{ name: 'a', text: 'b c' }] }, 'To search the messages for a="b c", put it in quotes.'],
  [
    { contains: ['order-4711'] },
    'Texts are searched for in messages; word:order-4711 also looks in ids and attributes.',
  ],
  [{ contains: [TRACE] }, `What names ${TRACE} may have expired.`],
  [{ contains: ['disk'], last: '1h' }, 'Widen the time range.'],
  [{ severity: ['error'], whereNot: [{ name: 'a', text: 'b' }] }, 'Show more severities. Leave out less.'],
])('Where nothing matches %j the page advises what helps', (filters, advice) => {
  expect(adviceForEmpty({ ...EVERYTHING, ...filters })).toBe(advice);
});

describe('The numbers of the severities', () => {
  const points = [{ time: 1, severity: 'error' as const }];
  const loaded = { points, range: {}, hasOlder: true, hasNewer: false, local: false };
  const buckets = new Map([
    [0, { info: 20_000, warning: 3, error: 10 }],
    [1, { info: 2_000, warning: 0, error: 5 }],
  ]);

  test('are those of the range where it is counted', () => {
    const counted = { step: 1, buckets, completeFrom: 0, complete: ['warning' as const, 'error' as const] };
    expect(countsOf(loaded, counted)).toEqual({
      counts: { info: 22_000, warning: 3, error: 15 },
      hasMore: { info: true, warning: false, error: false },
    });
  });

  test('are those of the list otherwise, with a sign where there may be more', () => {
    expect(countsOf(loaded)).toEqual({
      counts: { info: 0, warning: 0, error: 1 },
      hasMore: { info: true, warning: true, error: true },
    });
    expect(countsOf({ ...loaded, hasOlder: false }).hasMore.error).toBe(false);
  });
});
