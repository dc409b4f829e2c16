import { expect, test } from '@jest/globals';
import { completionsOf } from '../../client/complete-search.ts';

const field = (name: string, ...top: string[]) => ({
  name,
  entries: 10,
  distinct: top.length,
  top: top.map((text, place) => ({ text, count: 5 - place })),
});
const fields = [
  field('service.name', 'checkout', 'cart', 'web shop'),
  field('http.status', '500', '200'),
  field('a name', 'x'),
];

test.each([
  ['se', ['service.name=']],
  ['disk -na', ['disk -service.name=', 'disk -"a name"=']],
  [
    'disk service.name=',
    ['disk service.name=checkout ', 'disk service.name=cart ', 'disk service.name="web shop" '],
  ],
  ['-service.name=CA', ['-service.name=cart ']],
  ['service.name="web sh', ['service.name="web shop" ']],
  ['service.name=out', ['service.name=checkout ']],
  ['http.status=0', ['http.status=500 ', 'http.status=200 ']],
  ['le', ['level:']],
  ['disk level:', ['disk level:info ', 'disk level:warning ', 'disk level:error ']],
  ['level:error ser', ['level:error service.name=']],
  ['http.status=500 -level:w', ['http.status=500 -level:warning ']],
  ['severity:e', ['severity:error ']],
  ['trace:4b', []],
  ['nowhere', []],
  ['unknown=', []],
  ['', []],
  ['disk ', []],
  ['service.name=cart ', []],
])('%j is completed to %j', (typed, completed) => {
  expect(completionsOf(typed, fields).map((completion) => completion.typed)).toEqual(completed);
});

test.each([
  ['@', ['level:error service.name=cart ', 'timeout ']],
  ['disk @la', ['disk timeout ']],
  ['@FAIL', ['level:error service.name=cart ']],
  ['-@', []],
  ['failed', []],
  ['@other', []],
])('%j is completed to the text of a saved search: %j', (typed, completed) => {
  const searches = { failed: 'level:error service.name=cart', late: 'timeout' };
  expect(completionsOf(typed, fields, searches).map((completion) => completion.typed)).toEqual(completed);
});

test('A saved search comes before attributes whose names begin with @', () => {
  expect(completionsOf('@t', [field('@timestamp', 'x')], { timeouts: 'timeout' })).toEqual([
    { label: '@timeouts', typed: 'timeout ' },
    { label: '@timestamp=', count: 10, typed: '@timestamp=' },
  ]);
});

test('A completion says how many entries have it, and there are eight at most', () => {
  const many = Array.from({ length: 20 }, (_, place) => field(`field-${place}`, 'a'));
  expect(completionsOf('fi', many)).toHaveLength(8);
  expect(completionsOf('http.status=5', fields)).toEqual([
    { label: 'http.status=500', count: 5, typed: 'http.status=500 ' },
  ]);
  expect(completionsOf('http.s', fields)[0]).toMatchObject({ label: 'http.status=', count: 10 });
});
