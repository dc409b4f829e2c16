import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findAttribute, matchAttributes } from '../../entities/matches.ts';

const JSON_TEXT =
  '{"service.name":"checkout","http":{"status":500,"url.path":{"raw":"/a"}},"n":9007199254740993,"price":1.50,"ok":true,"none":null,"tags":["a",{"b":1}],"a":{"b":1},"a.b":2,"":0,"__proto__":"own","quote":"\\"\\u00e9"}';

describe('Attributes have', () => {
  test.each([
    ['a text', 'service.name', 'checkout'],
    ['a number', 'http.status', '500'],
    ['a number that a double cannot hold', 'n', '9007199254740993'],
    ['a number as it was written', 'price', '1.50'],
    ['a truth value', 'ok', 'true'],
    ['null', 'none', 'null'],
    ['a list as JSON', 'tags', '["a",{"b":1}]'],
    ['an element of a list', 'tags.1.b', '1'],
    ['a nested value behind keys with dots', 'http.url.path.raw', '/a'],
    ['a literal key rather than a nested one', 'a.b', '2'],
    ['an empty key', '', '0'],
    ['a key that every object inherits', '__proto__', 'own'],
    ['a text that is escaped in JSON', 'quote', '"é'],
  ])('%s', (_, name, text) => {
    expect(matchAttributes(JSON_TEXT, [{ name, text }])).toBe(true);
    expect(matchAttributes(JSON_TEXT, [{ name, text: `${text}x` }])).toBe(false);
    expect(matchAttributes(JSON_TEXT, [], [{ name, text }])).toBe(false);
    expect(matchAttributes(JSON_TEXT, [], [{ name, text: `${text}x` }])).toBe(true);
  });

  test.each(['service', 'http.status.x', 'toString', 'a.c', 'length', 'tags.length'])(
    'nothing under %s',
    (name) => {
      for (const text of ['', 'undefined', 'null', '2'])
        expect(
          matchAttributes('{"service.name":"","http":{"status":5},"tags":[1,2]}', [{ name, text }]),
        ).toBe(false);
    },
  );

  test('all that is asked for, or they do not match', () => {
    const ok = { name: 'ok', text: 'true' };
    expect(matchAttributes(JSON_TEXT, [ok, { name: 'service.name', text: 'checkout' }])).toBe(true);
    expect(matchAttributes(JSON_TEXT, [ok, { name: 'service.name', text: 'cart' }])).toBe(false);
    expect(matchAttributes(JSON_TEXT, [])).toBe(true);
    expect(matchAttributes(undefined, [ok])).toBe(false);
    expect(matchAttributes(undefined, [])).toBe(true);
  });

  test('none that is not wanted, or they do not match, and an entry without any has none', () => {
    const ok = { name: 'ok', text: 'true' };
    const cart = { name: 'service.name', text: 'cart' };
    const absent = { name: 'absent', text: 'true' };
    expect(matchAttributes(JSON_TEXT, [], [cart, absent])).toBe(true);
    expect(matchAttributes(JSON_TEXT, [], [cart, ok])).toBe(false);
    expect(matchAttributes(JSON_TEXT, [ok], [cart])).toBe(true);
    expect(matchAttributes(JSON_TEXT, [ok], [ok])).toBe(false);
    expect(matchAttributes(undefined, [], [ok])).toBe(true);
    expect(matchAttributes(undefined, [cart], [ok])).toBe(false);
  });
});

describe('The attribute under a name', () => {
  const names = fc.array(fc.constantFrom('a', 'b', '', 'a.b', 'b.a.b', '0'), { minLength: 1, maxLength: 5 });
  const values = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(1, 'text', null),
      fc.dictionary(fc.constantFrom('a', 'b', '', 'a.b', 'b.a', '0'), tie('value')),
      fc.array(tie('value'), { maxLength: 2 }),
    ),
  })).value;

  test('is the key as a whole, or else the shortest key with the others below it', () => {
    fc.assert(
      fc.property(values, names, (value, parts) => {
        const name = parts.join('.');
        expect(findAttribute(value, name)).toEqual(findSlowly(value, name));
      }),
    );
  });

  test('is found by looking at each key once, however many parts the name has', () => {
    let looks = 0;
    const watched = (value: object): object =>
      new Proxy(value, {
        ownKeys: (target) => {
          looks += Reflect.ownKeys(target).length;
          return Reflect.ownKeys(target);
        },
        get: (target, key) => {
          looks++;
          return Reflect.get(target, key);
        },
        getOwnPropertyDescriptor: (target, key) => {
          looks++;
          return Reflect.getOwnPropertyDescriptor(target, key);
        },
      });
    let nested = watched({ q: 1 });
    for (let depth = 1; depth < 30; depth++) nested = watched({ q: nested, other: 1 });
    expect(findAttribute(nested, Array.from({ length: 7_500 }, () => 'q').join('.'))).toBeUndefined();
    expect(looks).toBeLessThan(300);
  });
});

/** By trying every dot of the name. */
function findSlowly(value: unknown, name: string): { value: unknown } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const members = new Map(Object.entries(value));
  if (members.has(name)) return { value: members.get(name) };
  const dots = Array.from(name.matchAll(/\./g), ({ index }) => index);
  for (const dot of dots.filter((at) => members.has(name.slice(0, at)))) {
    const found = findSlowly(members.get(name.slice(0, dot)), name.slice(dot + 1));
    if (found) return found;
  }
  return undefined;
}
