import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csv } from '../../client/csv.ts';
import {
  isBlank,
  jsonOfAttributes,
  jsonOfEntry,
  keyOf,
  ndjson,
  readableJson,
  rememberJson,
} from '../../client/entry-text.ts';
import type { LogEntry } from '../../entities/entry.ts';
import { entry } from '../support/entries.ts';

/** The JSON of attributes, also with what a JavaScript value loses. */
const { object } = fc.letrec<{ value: string; object: string }>((tie) => {
  const scalar = fc.constantFrom('1', '1.50', '12345678901234567890', '-0', '1e400', 'true', 'null');
  const text = fc.constantFrom('""', '"\\u00e9\\/"', '"attributes"', '"}]"', '"\\\\"', '"a\\"{"');
  const key = fc.constantFrom('"b"', '"10"', '"9"', '"attributes"', '"__proto__"', '"\\u0063"');
  const members = fc.array(fc.tuple(key, tie('value')), { maxLength: 4 });
  return {
    object: members.map((list) => `{${list.map((member) => member.join(':')).join()}}`),
    value: fc.oneof(
      { depthSize: 'small' },
      scalar,
      text,
      tie('object'),
      fc.array(tie('value'), { maxLength: 3 }).map((list) => `[${list.join()}]`),
    ),
  };
});

const messages = fc.constantFrom('', 'attributes', '"attributes":{', '[{\\', 'disk');
const entries = fc.array(fc.tuple(messages, fc.option(object)));

test('Entries and their attributes are written as they came, with all digits and in the same order', () => {
  fc.assert(
    fc.property(entries, fc.constantFrom('', '\n '), (given, blank) => {
      const sent = given.map(([message, attributes]) => {
        const json = JSON.stringify(entry({ message }));
        return attributes === null ? json : `${json.slice(0, -1)},"attributes":${attributes}}`;
      });
      const received = receive(`[${blank}${sent.join(`,${blank}`)}]`);
      expect(received.map(jsonOfEntry)).toEqual(sent);
      expect(received.map(({ attributes }) => attributes && jsonOfAttributes(attributes))).toEqual(
        given.map(([, attributes]) => attributes ?? undefined),
      );
    }),
  );
});

test('Entries that differ only in their attributes are told apart', () => {
  const entry = { id: 'a', datetime: '2026-03-01T03:00:00Z', severity: 'info', message: '' } as const;
  const keys = [entry, { ...entry, attributes: { pod: 1 } }, { ...entry, attributes: { pod: 2 } }].map(keyOf);
  expect(new Set(keys).size).toBe(3);
});

test('Entries that differ in digits beyond a double are told apart', () => {
  const json = JSON.stringify(entry()).slice(0, -1);
  const [one, other] = receive(
    `[${json},"attributes":{"n":12345678901234567890}},${json},"attributes":{"n":12345678901234567891}}]`,
  );
  expect(one && keyOf(one)).not.toBe(other && keyOf(other));
});

describe('JSON for people', () => {
  // A backslash and an n would be a line break that a logger has written.
  const text = fc.string({ unit: fc.constantFrom('\n', '\r', '"', '\\', 'm', ',', '\t', ' ') });

  test('shows the lines of a text, and all else as it is written', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (texts) => {
        const expected = texts.map((one, place) => {
          const isLong = one.trimEnd().includes('\n');
          const end = place === texts.length - 1 ? '' : isLong ? ',\n' : ',';
          return (isLong ? `"${one}"` : JSON.stringify(one)) + end;
        });
        expect(readableJson(JSON.stringify(texts))).toBe(`[${expected.join('')}]`);
      }),
    );
  });

  test.each([
    ['{"a":"x\\u000ay","b":1}', '{"a":"x\ny",\n"b":1}'],
    ['{"a":{"b":["x\\ny"]},"c":"\\\\n"}', '{"a":{"b":["x\ny"]},"c":"\\\\n"}'],
    ['{"a":"line\\n","n":12345678901234567890}', '{"a":"line\\n","n":12345678901234567890}'],
  ])('shows %s', (json, shown) => {
    expect(readableJson(json)).toBe(shown);
  });
});

test.each([
  ['', true],
  [' \r\n\t\ufeff', true],
  ['\u001b[31m\u001b[0m', true],
  ['\u001b[2J', false],
  ['0', false],
])('The message %j is blank: %s', (message, isIt) => {
  expect(isBlank(message)).toBe(isIt);
});

describe('Entries for other programs', () => {
  test('are one JSON object a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        const given = entry({ message });
        const line = ndjson.lineOf(given);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(JSON.parse(line)).toEqual(given);
      }),
    );
  });

  test('are rows of a table, whose cells no spreadsheet runs as a formula', () => {
    const text = fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ',', '"', 'a', ' '),
    });
    fc.assert(
      fc.property(text, text, (id, message) => {
        const attributes = { [id]: message };
        const cells = cellsOf(csv.lineOf(entry({ id, message, attributes }))).slice(2);
        expect(JSON.parse(cells[2] ?? '')).toEqual(attributes);
        for (const [index, sent] of [id, message].entries()) {
          expect(cells[index]).not.toMatch(/^[=+\-@\t\r]/);
          expect([sent, `'${sent}`]).toContain(cells[index]);
        }
      }),
    );
  });
});

function receive(body: string): LogEntry[] {
  const received: LogEntry[] = JSON.parse(body);
  rememberJson(received, body);
  return received;
}

/** The cells of one row, read as RFC 4180 says. */
function cellsOf(line: string): string[] {
  const cells = line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g);
  return [...cells].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}
