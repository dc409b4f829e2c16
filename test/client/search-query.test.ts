import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_SEARCH, parseSearch, partsOf, printSearch, type Search } from '../../client/search-query.ts';
import { SEVERITIES } from '../../entities/entry.ts';
import { RUNS } from '../support/arbitraries.ts';

const clock = { now: Date.UTC(2026, 2, 5, 12), local: false };
const parse = (typed: string) => parseSearch(typed, clock);
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('A search', () => {
  test.each<[string, Partial<Search>]>([
    ['disk full', { contains: ['disk', 'full'] }],
    ['"disk full" -debug', { contains: ['disk full'], excludes: ['debug'] }],
    ['-"at a.js" -', { excludes: ['at a.js'] }],
    ['"disk fu', { contains: ['disk fu'] }],
    ['"level":"warn" x-y', { contains: ['"level":"warn"', 'x-y'] }],
    ['"say \\"hi\\"" C:\\temp', { contains: ['say "hi"', 'C:\\temp'] }],
    ['  "" ', {}],
    ['service.name=checkout', { where: [{ name: 'service.name', text: 'checkout' }] }],
    [
      '-http.status=200 a!=b',
      {
        whereNot: [
          { name: 'http.status', text: '200' },
          { name: 'a', text: 'b' },
        ],
      },
    ],
    ['-a!=b', { where: [{ name: 'a', text: 'b' }] }],
    [
      'tags[0]="a b" x=y=z',
      {
        where: [
          { name: 'tags[0]', text: 'a b' },
          { name: 'x', text: 'y=z' },
        ],
      },
    ],
    [
      '"a name"="" k8s.io/app="x',
      {
        where: [
          { name: 'a name', text: '' },
          { name: 'k8s.io/app', text: 'x' },
        ],
      },
    ],
    ['"odd!"=1', { where: [{ name: 'odd!', text: '1' }] }],
    ['"status=500" a== b= =c', { contains: ['status=500', 'a==', 'b=', '=c'] }],
    ['https://x.test/?a=b if(a=b)', { contains: ['https://x.test/?a=b', 'if(a=b)'] }],
    ['level:error', { severity: ['error'] }],
    ['severity:WARN,err', { severity: ['warning', 'error'] }],
    ['level:warning level:error', { severity: ['warning', 'error'] }],
    ['-level:info', { severity: ['warning', 'error'] }],
    ['level:info,warning,error', {}],
    ['level:debug', { contains: ['level:debug'] }],
    ['level:error -level:error', { severity: ['error'], excludes: ['level:error'] }],
    [`trace:${TRACE} id:order-4711 word:"boot"`, { word: [TRACE, 'order-4711', 'boot'] }],
    ['trace:a.b -trace:ab', { contains: ['trace:a.b'], excludes: ['trace:ab'] }],
    [TRACE, { contains: [TRACE] }],
    ['2026-03-01 02:50', { at: '2026-03-01T02:50:00Z' }],
    ['[01/Mar/2026:02:50:00 +0100]', { at: '2026-03-01T02:50:00+01:00' }],
    ['1772333400', { at: '2026-03-01T02:50:00Z' }],
    ['disk at:"2026-03-01 02:50"', { contains: ['disk'], at: '2026-03-01T02:50:00Z' }],
    ['at:2026-03-01', { at: '2026-03-01T00:00:00Z' }],
    ['at:noon', { contains: ['at:noon'] }],
    ['"1772333400"', { contains: ['1772333400'] }],
    ['error at 02:50', { contains: ['error', 'at', '02:50'] }],
    [
      'payment failed -timeout service.name=checkout -http.status=200 level:error',
      {
        severity: ['error'],
        contains: ['payment', 'failed'],
        excludes: ['timeout'],
        where: [{ name: 'service.name', text: 'checkout' }],
        whereNot: [{ name: 'http.status', text: '200' }],
      },
    ],
  ])('typed as %s is read', (typed, parts) => {
    expect(parse(typed)).toEqual({ ...EMPTY_SEARCH, ...parts });
  });

  const unit = fc.constantFrom(
    ...[
      'a',
      'É',
      '0',
      ' ',
      '"',
      '-',
      '\\',
      '\n',
      '=',
      '!',
      ':',
      '.',
      ',',
      '[',
      ']',
      '/',
      '2026',
      '-03',
      '-01',
      '02:50',
    ],
    ...['level:', 'error', 'trace:', 'at:', '1772333400', '\ud800'],
  );
  const text = fc.string({ unit, minLength: 1, maxLength: 8 });
  const attributes = fc.array(fc.record({ name: text, text: fc.string({ unit, maxLength: 8 }) }), {
    maxLength: 3,
  });

  test('is read as it was written, whatever its parts are', () => {
    const search: fc.Arbitrary<Search> = fc.record({
      severity: fc.subarray([...SEVERITIES], { maxLength: 2 }),
      contains: fc.array(text, { maxLength: 3 }),
      excludes: fc.array(text, { maxLength: 3 }),
      word: fc.array(fc.stringMatching(/^[\da-z]+(?:-[\da-z]+)?$/), { maxLength: 2 }),
      where: attributes,
      whereNot: attributes,
      at: fc.constantFrom('', '2026-03-01T02:50:00Z', '2026-03-01T02:50:00.123456789+01:00'),
    });
    fc.assert(
      fc.property(search, (one) => {
        expect(parse(printSearch(one))).toEqual(one);
      }),
      { numRuns: 1_000 * RUNS },
    );
  });

  test('of any text is read, and is the same once it is written and read again', () => {
    const typed = fc.oneof(fc.string({ unit, maxLength: 30 }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(typed, (one) => {
        const search = parse(one);
        expect(parse(printSearch(search))).toEqual(search);
      }),
      { numRuns: 1_000 * RUNS },
    );
  });

  test('of a hundred thousand quotes and backslashes is read', () => {
    for (const part of ['\\', '\\"', '"', '"=', 'a', 'a=', '-'])
      expect(parse(`"${part.repeat(100_000)}"x`)).toBeDefined();
  });

  test('has parts, each of which can be left out', () => {
    const typed = 'disk -debug word:boot a=1 -b="2 3" level:error at:2026-03-01T02:50:00Z';
    const parts = partsOf(parse(typed));
    expect(parts.map((part) => part.text)).toEqual([
      'disk',
      '-debug',
      'word:boot',
      'a=1',
      '-b="2 3"',
      'level:error',
      'at:2026-03-01T02:50:00Z',
    ]);
    for (const { text: own, others } of parts)
      expect(printSearch(others)).toBe(typed.replace(own, '').replace('  ', ' ').trim());
  });
});
