import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseExactly, textMembersOf } from '../../entities/json-text.ts';
import { RUNS } from '../support/arbitraries.ts';

test('JSON whose numbers JavaScript writes as they stand is parsed as by JSON.parse', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      expect(parseExactly(json)).toEqual(JSON.parse(json));
    }),
  );
  expect(parseExactly('[1e400, -0, "1e400", 12345678901234567890]')).toEqual([
    '1e400',
    '-0',
    '1e400',
    '12345678901234567890',
  ]);
});

test('What is no JSON is refused as by JSON.parse', () => {
  const pieces = fc.constantFrom(
    '1',
    '.',
    '0',
    'e5',
    '-',
    '"',
    '\\',
    '[',
    ']',
    ',',
    ' ',
    '9'.repeat(20),
    'a',
    '\n',
  );
  fc.assert(
    fc.property(
      fc.array(pieces).map((parts) => parts.join('')),
      (text) => {
        expect(isRefusedBy(parseExactly, text)).toBe(isRefusedBy(JSON.parse, text));
      },
    ),
    { numRuns: 2_000 * RUNS },
  );
  for (const text of ['{1.50:1}', '{"a":1.50 , 1.50 : 1}', '{"a":1.50, b}'])
    expect(isRefusedBy(parseExactly, text)).toBe(true);
});

function isRefusedBy(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return false;
  } catch {
    return true;
  }
}

test('The members in the text of an object are all that it has, in their order, as they were written', () => {
  const names = fc.oneof(fc.constantFrom('id', 'id', '', '\\', '"', 'a:{'), fc.string({ unit: 'binary' }));
  const values = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: fc.constantFrom('\\', '"', '{', ']', ',', ' ') }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(names, values, fc.nat(2))),
      fc.constantFrom('', ' ', '\n\t '),
      (pairs, space) => {
        const written = pairs.map(([name, value, indent]) => ({
          name,
          json: `${JSON.stringify(name)}${space}:${space}${JSON.stringify(value, null, indent)}`,
          valueJson: JSON.stringify(value, null, indent),
        }));
        const json = `${space}{${space}${written.map((one) => one.json).join(`${space},${space}`)}${space}}`;
        const read = textMembersOf(json).map(({ name, start, valueStart, end }) => ({
          name,
          json: json.slice(start, end),
          valueJson: json.slice(valueStart, end),
        }));
        expect(read).toEqual(written);
      },
    ),
    { numRuns: 200 * RUNS },
  );
});
