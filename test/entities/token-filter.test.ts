import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addTokens, createTokenFilter, hashOf, isToken, mayHave } from '../../entities/token-filter.ts';
import { RUNS } from '../support/arbitraries.ts';

function tokensIn(text: string): Set<number> {
  const hashes = new Set<number>();
  addTokens(text, hashes);
  return hashes;
}

test.each([
  '4bf92f3577b34da6a3ce929d0e0e4736',
  '0b6f5a3e-9d0c-4c57-8f4e-1d2c3b4a5968',
  'ORD-2026-000123',
  'über12',
  'a--b--1',
  '123456',
])('%s is a token, wherever it is in a text and in whatever case', (token) => {
  expect(isToken(token)).toBe(true);
  for (const text of [
    token,
    `order ${token}.`,
    `{"a":"${token}"}`,
    `-${token}-`,
    `x=${token.replace(/[a-z]/g, (letter) => letter.toUpperCase())}&`,
  ])
    expect(tokensIn(text)).toContain(hashOf(token));
});

test.each(['12345', 'checkout', '12.345', '-123456', '123456-', 'a b1234567', '1234\uD800', ''])(
  '%j is none',
  (text) => {
    expect(isToken(text)).toBe(false);
  },
);

test('Every token is found in a filter of the text that it is in, and is all that the text has', () => {
  const characters = fc.constantFrom('a', 'B', 'ü', '1', '9', '-', '-', ' ', '.', '"');
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 200 }), (text) => {
      const expected = text
        .split(/[ ."]+/)
        .map((part) => part.replace(/^-+|-+$/g, ''))
        .filter(isToken)
        .map((token) => hashOf(token));
      const hashes = tokensIn(text);
      expect([...hashes].toSorted()).toEqual([...new Set(expected)].toSorted());
      const filter = createTokenFilter(hashes);
      for (const hash of hashes) expect(mayHave(filter, hash)).toBe(true);
    }),
    { numRuns: 1_000 * RUNS },
  );
});

test('A filter takes 11 bits a token, and at most 0.7 % of other tokens seem to be in it', () => {
  let found = 0;
  const asked = 200_000;
  for (const size of [1, 10, 100, 1_000]) {
    const ids = (count: number, from: number) =>
      Array.from({ length: count }, (_, at) => hashOf(`${size}-id-${from + at}`));
    const filter = createTokenFilter(new Set(ids(size, 0)));
    expect(filter.length).toBe(Math.ceil((size * 11) / 8));
    found += ids(asked / 4, size).filter((hash) => mayHave(filter, hash)).length;
  }
  expect(found / asked).toBeLessThanOrEqual(0.007);
});

test('An empty filter has no token', () => {
  expect(mayHave(createTokenFilter(new Set()), hashOf('123456'))).toBe(false);
});
