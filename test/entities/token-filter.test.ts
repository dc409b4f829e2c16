import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addTokens,
  createTokenFilter,
  hashOf,
  hasWord,
  isToken,
  mayHave,
  wordsOfJson,
} from '../../entities/token-filter.ts';
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

test.each([
  ['order 12345678.', '12345678', true],
  ['order-12345678', '12345678', false],
  ['order-12345678', 'order-12345678', true],
  ['-12345678-', '12345678', true],
  ['x12345678 12345678', '12345678', true],
  ['12345678é', '12345678', false],
  ['Order', 'order', false],
  ['', 'a', false],
])('%j has the word %s: %s', (text, word, has) => {
  expect(hasWord(text, word)).toBe(has);
});

test('A text has a token exactly if the token is among its tokens, however it is escaped in JSON', () => {
  const characters = fc.constantFrom('a', '1', '2', '-', '\n', '"', '\\', 'n', 'u', ' ');
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 60 }), fc.nat(50), (text, at) => {
      const json = JSON.stringify({ text }).replace(/1/g, '\\u0031');
      const token = text
        .split(/[\n"\\ ]+/)
        .map((part) => part.replace(/^-+|-+$/g, ''))
        .filter(isToken)[at % 3];
      const words = wordsOfJson(json);
      for (const sought of [token ?? '', text.slice(at, at + 6)].filter(isToken)) {
        expect(hasWord(words, sought)).toBe(hasWord(text, sought));
        expect(tokensIn(words).has(hashOf(sought))).toBe(hasWord(text, sought));
      }
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

/** Ids as services make them. */
const ID_FORMS: (() => string)[] = [
  randomUUID,
  () => randomUUID().replaceAll('-', ''),
  () => randomUUID().slice(19).toUpperCase(),
  () => `01J${randomUUID().replaceAll('-', '').slice(0, 23).toUpperCase()}`,
  () => `ORD-2026-${100_000 + Math.floor(Math.random() * 900_000)}`,
  () => String(Math.floor(Math.random() * 1e15) + 1e14),
];

test('Filters have every one of 100,000 ids (a million in the soak), and at most 0.7 % of others seem to be in them', () => {
  const ids = Array.from({ length: 100_000 * RUNS }, (_, n) => ID_FORMS[n % ID_FORMS.length]?.() ?? '');
  const others = ids.slice(0, 10).map((id) => hashOf(`${id}-0`));
  let missed = 0;
  let inVain = 0;
  for (let first = 0; first < ids.length; first += 100) {
    const together = ids.slice(first, first + 100);
    const filter = createTokenFilter(tokensIn(`Paid ${together.join(', ')}.`));
    for (const id of together) if (!mayHave(filter, hashOf(id))) missed++;
    for (const hash of others) if (mayHave(filter, hash)) inVain++;
  }
  expect(missed).toBe(0);
  expect(inVain / (ids.length / 10)).toBeLessThanOrEqual(0.007);
});

test('An empty filter has no token', () => {
  expect(mayHave(createTokenFilter(new Set()), hashOf('123456'))).toBe(false);
});
