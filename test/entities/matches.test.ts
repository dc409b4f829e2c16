import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { parseExactly } from '../../entities/json-text.ts';
import { matchAttributes } from '../../entities/matches.ts';
import { RUNS } from '../support/arbitraries.ts';

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
    ['a literal key', 'a.b', '2'],
    ['a nested key beside it', 'a.b', '1'],
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

describe('A message that is a JSON object', () => {
  const message =
    ' { "n": 1, "log" : {"level":"warn"}, "big":12345678901234567890, "caf\\u00e9": "x", "n": "two" }';
  const n = { name: 'n', text: '1' };

  test.each([
    ['n', '1'],
    ['n', 'two'],
    ['log.level', 'warn'],
    ['big', '12345678901234567890'],
    ['café', 'x'],
  ])('has its members as attributes: %s=%s', (name, text) => {
    expect(matchAttributes(undefined, [{ name, text }], [], message)).toBe(true);
    expect(matchAttributes('{"other":1}', [], [{ name, text }], message)).toBe(false);
    expect(matchAttributes(undefined, [{ name, text: `${text}0` }], [], message)).toBe(false);
  });

  test('is read beside the attributes, and either may have what is wanted', () => {
    expect(matchAttributes('{"a":2}', [n, { name: 'a', text: '2' }], [], message)).toBe(true);
    expect(matchAttributes('{"a":2}', [n], [{ name: 'a', text: '2' }], message)).toBe(false);
  });

  test.each([
    ['[{"n":1}]'],
    ['{"n":1} and more'],
    ['{"n":1 2}'],
    ['{n=1}'],
    [`{"n":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['n=1'],
  ])('is not what begins like %.20s', (text) => {
    expect(matchAttributes(undefined, [n], [], text)).toBe(false);
    expect(matchAttributes(undefined, [], [n], text)).toBe(true);
  });
});

describe('Of several values under a name', () => {
  test.each([
    ['nested and dotted', '{"log":{"level":"warn"},"log.level":"error"}', 'log.level', ['warn', 'error']],
    ['dotted and nested', '{"log.level":"error","log":{"level":"warn"}}', 'log.level', ['warn', 'error']],
    [
      'split at other dots',
      '{"a":{"b.c":1,"b":{"c":2}},"a.b":{"c":3},"a.b.c":4}',
      'a.b.c',
      ['1', '2', '3', '4'],
    ],
    ['a name that occurs twice', '{"time":5.2,"url":"/x","time":"late"}', 'time', ['5.2', 'late']],
    ['a name that occurs thrice', '{"n":[1],"n":{"a":1,"a":2},"n":null}', 'n', ['[1]', '{"a":2}', 'null']],
    ['an object that occurs twice', '{"a":{"b":1},"a":{"b":2},"a":null}', 'a.b', ['1', '2']],
    ['objects in a list', '{"list":[{"b":1,"b":2}]}', 'list.0.b', ['1', '2']],
    ['a name that is escaped once', '{"\\u0061":1,"a":2}', 'a', ['1', '2']],
    ['a name that is escaped twice', '{"a\\/b":1,"a\\/b":2}', 'a/b', ['1', '2']],
    ['the name of every object', '{"__proto__":1,"__proto__":{"b":2}}', '__proto__', ['1', '{"b":2}']],
    ['digits beyond a double', '{"n":12345678901234567890,"n":1.50}', 'n', ['12345678901234567890', '1.50']],
  ])('each matches: %s', (_, json, name, values) => {
    for (const text of values) {
      expect(matchAttributes(json, [{ name, text }])).toBe(true);
      expect(matchAttributes(json, [], [{ name, text }])).toBe(false);
    }
    for (const text of ['absent', ...values.map((value) => `${value}0`)])
      expect(matchAttributes(json, [{ name, text }])).toBe(false);
    expect(
      matchAttributes(
        json,
        values.map((text) => ({ name, text })),
      ),
    ).toBe(true);
  });

  /** The JSON of a value that has names twice, in several ways to write them. */
  const { json } = fc.letrec<{ json: string }>((tie) => {
    const key = fc.constantFrom('"a"', '"b"', '""', '"a.b"', '"b.a"', '"0"', '"\\u0061"', '"\\u0062.a"');
    const object = fc
      .array(fc.tuple(key, tie('json')), { maxLength: 4 })
      .map((members) => `{${members.map((member) => member.join(':')).join()}}`);
    return {
      json: fc.oneof(
        { depthSize: 'medium', withCrossShrink: true },
        fc.constantFrom('1', '2.50', '"text"', '"a\\":1"', 'null'),
        object,
        fc.array(tie('json'), { maxLength: 2 }).map((elements) => `[${elements.join()}]`),
      ),
    };
  });
  const names = fc
    .array(fc.constantFrom('a', 'b', '', '0'), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join('.'));

  test('each matches and no other, however it is written and nested', () => {
    fc.assert(
      fc.property(
        json.filter((text) => text.startsWith('{')),
        names,
        (attributes, name) => {
          const values = new Set(valuesUnder(attributes, name));
          for (const text of [...values, '1', '2.50', 'text', 'a":1', 'null', '{}', '[]'])
            for (const [json, message] of [
              [attributes, ''],
              [undefined, ` ${attributes.replaceAll(',', ', ')}`],
            ])
              expect(matchAttributes(json, [{ name, text }], [], message)).toBe(values.has(text));
        },
      ),
      { numRuns: 300 * RUNS },
    );
  });

  test('each is found by looking at each key once, however many parts the name has', () => {
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
    const parse = jest.spyOn(JSON, 'parse').mockReturnValue(nested);
    const name = Array.from({ length: 7_500 }, () => 'q').join('.');
    const isFound = matchAttributes('{"q":1}', [{ name, text: '1' }]);
    parse.mockRestore();
    expect(isFound).toBe(false);
    expect(looks).toBeLessThan(300);
  });
});

/** By trying every dot of the name, on JSON of these tests without blanks. */
function valuesUnder(json: string, name: string): string[] {
  const dots = Array.from(name.matchAll(/\./g), ({ index }) => index);
  return membersIn(json).flatMap(([key, value]) => [
    ...(key === name ? [value.startsWith('"') ? JSON.parse(value) : plain(value)] : []),
    ...dots
      .filter((dot) => key === name.slice(0, dot))
      .flatMap((dot) => valuesUnder(value, name.slice(dot + 1))),
  ]);
}

/** A number keeps its digits, and an object the last of its members with one name. */
function plain(value: string): string {
  return /^[[{]/.test(value) ? JSON.stringify(parseExactly(value)) : value;
}

/** The members of an object and the elements of a list as they are written. */
function membersIn(json: string): [string, string][] {
  if (!/^[[{]/.test(json)) return [];
  const parts: string[] = [];
  let [depth, isText] = [0, false];
  for (const [place, character] of [...json].entries()) {
    if (character === '"' && json[place - 1] !== '\\') isText = !isText;
    if (!isText && '}]'.includes(character)) depth--;
    if (!isText && depth === 1 && ',:'.includes(character)) parts.push('');
    else if (depth > 0) parts.push((parts.pop() ?? '') + character);
    if (!isText && '{['.includes(character)) depth++;
  }
  if (json.startsWith('[')) return parts.map((value, index) => [String(index), value]);
  return parts.flatMap((name, at) => (at % 2 === 0 ? [[JSON.parse(name), parts[at + 1] ?? '']] : []));
}
