import { describe, expect, test } from '@jest/globals';
import type { LogEntry } from '../../../entities/entry.ts';
import { toEntry } from '../../../handlers/ingest/entry-schema.ts';
import { checked } from '../../support/entries.ts';

const ENTRY: LogEntry = {
  id: 'unique-id-123',
  datetime: '2023-11-15T12:05:00Z',
  severity: 'info',
  message: 'Log content here',
};
const HOUR_MS = 3_600_000;

describe('An entry', () => {
  test.each([
    ['with the four fields', {}],
    ['with a message that is empty', { message: '' }],
    ['with a message of 256 KiB', { message: 'x'.repeat(256 * 1024) }],
    ['with a message of 256 KiB of UTF-8', { message: '\u20ac'.repeat(Math.floor((256 * 1024) / 3)) }],
    ['with an id of 256 bytes', { id: 'x'.repeat(256) }],
    ['with an id of 256 bytes of UTF-8', { id: '\u{1F600}'.repeat(64) }],
    ['with an id of one space', { id: ' ' }],
    ['with the id __proto__', { id: '__proto__' }],
    ['dated years ago', { datetime: '1970-01-01T00:00:00+14:00' }],
    ['with attributes of any kind', { attributes: { a: [1, null, { b: 'c' }], '': true } }],
    ['with attributes 32 deep', { attributes: nested(32) }],
    ['with a key of 256 bytes', { attributes: { ['é'.repeat(128)]: 1 } }],
    ['dated 23 hours ahead', { datetime: ahead(23 * HOUR_MS) }],
  ])('%s is accepted as it is', (_, overrides) => {
    const entry: LogEntry = { ...ENTRY, ...(overrides as Partial<LogEntry>) };
    expect(toEntry(entry)).toEqual({ entry: checked(entry) });
  });

  test('keeps only its own fields', () => {
    expect(toEntry({ ...ENTRY, hostname: 'web-1', pid: 7 })).toEqual({ entry: checked(ENTRY) });
  });

  test.each([
    ['id', 'that is missing', undefined, 'missing'],
    ['id', 'that is empty', '', 'empty'],
    ['id', 'that is a dot, which no URL keeps', '.', 'no URL'],
    ['id', 'that is two dots', '..', 'no URL'],
    ['id', 'that is a number', 7, 'string'],
    ['id', 'that is null', null, 'string'],
    ['id', 'of 257 bytes', 'x'.repeat(257), '256 bytes'],
    ['id', 'of 257 bytes in 129 characters', `${'\u{1F600}'.repeat(64)}x`, '256 bytes'],
    ['id', 'with half a character', 'half \ud83d', 'surrogate'],
    ['severity', 'that is missing', undefined, 'info, warning, error'],
    ['severity', 'in capitals', 'INFO', 'info, warning, error'],
    ['severity', 'of another scale', 'fatal', 'info, warning, error'],
    ['severity', 'that is a number', 6, 'info, warning, error'],
    ['datetime', 'that is missing', undefined, 'missing'],
    ['datetime', 'that is no date', '2023-02-30T00:00:00Z', 'no date of the calendar'],
    ['datetime', 'without a zone', '2023-11-15T12:05:00', 'no time zone'],
    ['datetime', 'that is an epoch number', 1700049900, 'epoch number'],
    ['datetime', 'that is an epoch number in quotes', '1700049900', 'RFC 3339'],
    ['datetime', 'two days ahead', ahead(48 * HOUR_MS), '24 hours in the future'],
    ['datetime', '25 hours ahead', ahead(25 * HOUR_MS), '24 hours in the future'],
    ['message', 'that is missing', undefined, 'missing'],
    ['message', 'that is an object', { text: 'structured' }, 'string'],
    ['message', 'of 256 KiB and a byte', 'x'.repeat(256 * 1024 + 1), '262144 bytes'],
    ['message', 'with half a character', '\ude00 half', 'surrogate'],
    ['attributes', 'that is a text', 'a=b', 'JSON object'],
    ['attributes', 'that is a list', [{ a: 1 }], 'JSON object'],
    ['attributes', 'that is null', null, 'JSON object'],
    ['attributes', 'that is 33 deep', nested(33), '32 deep'],
    ['attributes', 'that has a key of 257 bytes', { a: { [`${'é'.repeat(128)}x`]: 1 } }, '256 bytes'],
    ['attributes', 'over 400,000 bytes', { a: 'x'.repeat(400_000) }, '400000 bytes'],
  ])('is refused with a %s %s', (path, _, value, reason) => {
    expect(toEntry({ ...ENTRY, [path]: value })).toEqual({
      errors: [{ path, message: expect.stringContaining(reason) }],
    });
  });

  test('is refused with all of its faults at once', () => {
    const { errors } = toEntry({ id: '', severity: 'warn', datetime: 'today' }) as {
      errors: { path: string }[];
    };
    expect(errors.map(({ path }) => path).toSorted()).toEqual(['datetime', 'id', 'message', 'severity']);
  });

  test.each([[null], ['text'], [7], [true], [[ENTRY]], [undefined]])('cannot be the value %j', (value) => {
    expect(toEntry(value)).toEqual({
      errors: [{ path: '', message: 'must be a JSON object with id, datetime, severity and message' }],
    });
  });
});

/** Attributes in which so many objects and lists are nested. */
function nested(depth: number): object {
  let value: object = {};
  for (let at = 1; at < depth; at++) value = at % 2 === 0 ? [value] : { value };
  return depth % 2 === 0 ? value : { ...value };
}

function ahead(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString();
}
