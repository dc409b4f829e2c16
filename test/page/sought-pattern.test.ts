import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { patternOf } from '../../page/sought-pattern.ts';
import { RUNS } from '../support/arbitraries.ts';

describe('What is searched for', () => {
  test.each([
    [['disk'], 'DISK Disk', ['DISK', 'Disk']],
    [['Disk'], 'DISK Disk', ['Disk']],
    [['a.c', 'straße'], 'abc A.C STRASSE', ['A.C', 'STRASSE']],
    [['err', 'error'], 'Error', ['Error']],
  ])('%j is marked in %s', (texts, message, found) => {
    expect(message.match(patternOf(texts) ?? /$/)).toEqual(found);
  });

  test('is marked, whatever characters it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), (text) => {
        expect(`before${text}`.match(patternOf([text]) ?? /$/)?.[0]).toBe(text);
      }),
      { numRuns: 1_000 * RUNS },
    );
    expect('order-4711/[a]'.match(patternOf(['-4711/[a]']) ?? /$/)).toEqual(['-4711/[a]']);
  });
});
