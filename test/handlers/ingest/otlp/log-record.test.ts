import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AnyValue } from '../../../../handlers/ingest/otlp/otlp-encoding.ts';
import { toLogRecord } from '../../../../handlers/ingest/otlp/otlp-json.ts';
import { decodeLogRecord, OTLP_PROTOBUF } from '../../../../handlers/ingest/otlp/otlp-protobuf.ts';
import { texts } from '../../../support/arbitraries.ts';
import { logRecord } from '../../../support/otlp.ts';
import { toProtobuf } from '../../../support/otlp-protobuf.ts';

const integers = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const times = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((id) => Buffer.from(id).toString('hex'));

/** Values of every kind, in OTLP's JSON. */
const { value: values, pair: pairs } = fc.letrec<{ value: object; pair: object }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.record({ stringValue: texts }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: integers }),
    // JSON.stringify writes minus zero as 0.
    fc.record({
      doubleValue: fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => double + 0),
    }),
    fc.record({ bytesValue: fc.base64String() }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie('pair'), { maxLength: 3 }) }) }),
  ),
  pair: fc.record({ key: texts, value: tie('value') }, { requiredKeys: ['key'] }),
}));

/** Log records in OTLP's JSON, with any of their fields. */
const records = fc.record(
  {
    timeUnixNano: times,
    observedTimeUnixNano: times,
    severityNumber: fc.integer({ min: -1, max: 25 }),
    severityText: texts,
    body: values,
    attributes: fc.array(pairs, { maxLength: 5 }),
    traceId: hex(16),
    spanId: hex(8),
    eventName: texts,
  },
  { requiredKeys: [] },
);

/** A body in which so many values are nested in each other. */
function nested(depth: number): object {
  let value: object = { stringValue: 'innermost' };
  for (let at = 1; at < depth; at++) value = { arrayValue: { values: [value] } };
  return value;
}

describe('A log record', () => {
  test('is the same in both encodings', () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(plain(decodeLogRecord(toProtobuf('LogRecord', record)))).toEqual(plain(toLogRecord(record)));
      }),
    );
  });

  test('in protobuf is readable as JSON with all its texts', () => {
    fc.assert(
      fc.property(records, (record) => {
        const protobuf = Buffer.from(toProtobuf('LogRecord', record));
        const text = OTLP_PROTOBUF.textOf(protobuf);
        expect(() => JSON.parse(text)).not.toThrow();
        const { body, attributes } = decodeLogRecord(protobuf);
        for (const one of textsIn([body, attributes])) expect(text).toContain(JSON.stringify(one));
      }),
    );
    const record = logRecord({
      body: { bytesValue: 'AQI=' },
      attributes: [{ key: 'a', value: { arrayValue: { values: [{ intValue: '9223372036854775807' }] } } }],
    });
    const { body, attributes } = JSON.parse(
      OTLP_PROTOBUF.textOf(Buffer.from(toProtobuf('LogRecord', record))),
    );
    expect({ body, attributes }).toEqual({ body: 'AQI=', attributes: { a: ['9223372036854775807'] } });
  });

  test('may have values 100 deep, and no deeper', () => {
    for (const decode of [
      toLogRecord,
      (record: object) => decodeLogRecord(toProtobuf('LogRecord', record)),
    ]) {
      expect(() => decode(logRecord({ body: nested(100) }))).not.toThrow();
      expect(() => decode(logRecord({ body: nested(101) }))).toThrow(RangeError);
      const attributes = [{ key: 'a', value: nested(101) }];
      expect(() => decode(logRecord({ attributes }))).toThrow(RangeError);
    }
  });
});

describe('A log record in protobuf', () => {
  const bytes = Buffer.from(toProtobuf('LogRecord', logRecord()));

  test('may have fields that are not read', () => {
    // Field 8, flags, as fixed32; field 7, dropped_attributes_count, as a varint; an unknown field 99 of bytes.
    const unread = Buffer.from([0x45, 1, 0, 0, 0, 0x38, 5, 0x9a, 0x06, 2, 1, 2]);
    expect(decodeLogRecord(Buffer.concat([unread, bytes, unread]))).toEqual(decodeLogRecord(bytes));
  });

  test.each([
    ['is cut off', bytes.subarray(0, -1)],
    ['has a field with the number 0', Buffer.from([0x00, 0x00])],
    ['ends a group that it did not begin', Buffer.from([0x0c])],
    ['has a body that is longer than itself', Buffer.from([0x2a, 0x7f, 0x0a, 0x00])],
    ['has text that is not UTF-8', Buffer.from([0x1a, 0x01, 0xe9])],
    [
      'has more than 10,000 values',
      toProtobuf('LogRecord', { body: { arrayValue: { values: Array(10_000).fill({}) } } }),
    ],
  ])('that %s is refused', (_, damaged) => {
    expect(() => decodeLogRecord(damaged)).toThrow();
  });
});

describe('A log record in JSON', () => {
  test.each([
    ['SEVERITY_NUMBER_TRACE', 1],
    ['SEVERITY_NUMBER_WARN', 13],
    ['SEVERITY_NUMBER_FATAL4', 24],
    ['SEVERITY_NUMBER_UNSPECIFIED', 0],
    ['17', 0],
    [null, 0],
  ])('may name its severity: %s', (severityNumber, expected) => {
    expect(toLogRecord(logRecord({ severityNumber })).severityNumber).toBe(expected);
  });

  test('may have its names in snake case, as protobuf writes them', () => {
    const value = {
      arrayValue: {
        values: [{ stringValue: 'a' }, { kvlistValue: { values: [{ key: 'b', value: { intValue: 1 } }] } }],
      },
    };
    const camelCase = logRecord({ body: value, traceId: 'abc', eventName: 'e', observedTimeUnixNano: '5' });
    const snakeCase = JSON.parse(
      JSON.stringify(camelCase).replace(
        /"(\w+)":/g,
        (_, name: string) => `"${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}":`,
      ),
    );
    expect(Object.keys(snakeCase)).toContain('time_unix_nano');
    expect(toLogRecord(snakeCase)).toEqual(toLogRecord(camelCase));
  });

  test('treats null like a field that was not sent', () => {
    const names = ['timeUnixNano', 'severityText', 'body', 'attributes', 'traceId', 'eventName'];
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    expect(toLogRecord(nulls)).toEqual(toLogRecord({}));
  });

  test.each([
    ['not an object', 7],
    ['null', null],
    ['a body that is not a value', { body: 'plain text' }],
    ['an attribute that is not an object', { attributes: ['a'] }],
    ['a time that is not a number', { timeUnixNano: 'yesterday' }],
    ['a time with a fraction', { timeUnixNano: 1.5 }],
    ['an object as its severity text', { severityText: {} }],
    ['attributes that are an object', { attributes: { event: 'disk full' } }],
    ['a value of no kind', { body: { text: 'disk full' } }],
    ['a list that is no list', { body: { arrayValue: ['disk full'] } }],
    ['a list whose values are none', { body: { kvlistValue: { values: 'disk full' } } }],
    ['a truth value that is none', { body: { boolValue: 'maybe' } }],
    ['a number that is none', { body: { doubleValue: 'much' } }],
    ['bytes that are no base64', { body: { bytesValue: '<>' } }],
    ['an integer of a million digits', { body: { intValue: '9'.repeat(1_000_000) } }],
    ['more than 10,000 values', { body: { arrayValue: { values: Array(10_000).fill({}) } } }],
    ['more than 10,000 attributes', { attributes: Array(5_001).fill({ key: 'a', value: {} }) }],
  ])('is refused if it is or has %s', (_, value) => {
    expect(() => toLogRecord(value)).toThrow();
  });
});

/** The texts in a value, its names included. */
function textsIn(value: AnyValue): string[] {
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('base64')];
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return value.pairs.flatMap(([name, one]) => [name, ...textsIn(one)]);
}

/** Buffer and Uint8Array of the same bytes are not equal for jest. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
