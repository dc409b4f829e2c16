import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSearch, patternOf, writeSearch } from '../../page/search-text.ts';
import { RUNS } from '../support/arbitraries.ts';

describe('A search', () => {
  test.each([
    ['disk full', ['disk', 'full'], []],
    ['"disk full" -debug', ['disk full'], ['debug']],
    ['-"at a.js" -', [], ['at a.js']],
    ['"disk fu', ['disk fu'], []],
    ['"level":"warn" x-y', ['"level":"warn"', 'x-y'], []],
    ['"say \\"hi\\"" C:\\temp', ['say "hi"', 'C:\\temp'], []],
    ['  "" ', [], []],
  ])('typed as %s is read', (typed, contains, excludes) => {
    expect(parseSearch(typed)).toEqual({ contains, excludes });
  });

  test('is written as it is read, whatever its texts are', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '"', '-', '\\', '\n', 'É'),
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 3 }),
        fc.array(text, { maxLength: 3 }),
        (contains, excludes) => {
          expect(parseSearch(writeSearch({ contains, excludes }))).toEqual({ contains, excludes });
        },
      ),
      { numRuns: 2_000 * RUNS },
    );
  });

  test.each([
    [['disk'], 'DISK Disk', ['DISK', 'Disk']],
    [['Disk'], 'DISK Disk', ['Disk']],
    [['a.c', 'straße'], 'abc A.C STRASSE', ['A.C', 'STRASSE']],
    [['err', 'error'], 'Error', ['Error']],
  ])('for %j marks what it finds in %s', (texts, message, found) => {
    expect(message.match(patternOf(texts) ?? /$/)).toEqual(found);
  });

  test('marks a text of any characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), (text) => {
        expect(`before${text}`.match(patternOf([text]) ?? /$/)?.[0]).toBe(text);
      }),
      { numRuns: 1_000 * RUNS },
    );
    expect('order-4711/[a]'.match(patternOf(['-4711/[a]']) ?? /$/)).toEqual(['-4711/[a]']);
  });
});
