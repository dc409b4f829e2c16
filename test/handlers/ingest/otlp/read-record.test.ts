import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogEntry } from '../../../../entities/entry.ts';
import { toLogRecord } from '../../../../handlers/ingest/otlp/otlp-json.ts';
import { toEntryValue } from '../../../../handlers/ingest/otlp/read-record.ts';
import { logRecord } from '../../../support/otlp.ts';

const NO_ORIGIN = {
  resource: { name: '', version: '', attributes: { pairs: [] } },
  scope: { name: '', version: '', attributes: { pairs: [] } },
};

/** The entry of a log record that is given in the JSON of OTLP. */
function toEntry(overrides: object): LogEntry {
  const result = toEntryValue(toLogRecord(logRecord(overrides)), NO_ORIGIN, () => 'derived');
  if ('errors' in result) throw new Error(JSON.stringify(result.errors));
  return result.value as LogEntry;
}

function faultOf(overrides: object): string | undefined {
  const result = toEntryValue(toLogRecord(logRecord(overrides)), NO_ORIGIN, () => 'derived');
  return 'errors' in result ? result.errors[0]?.path : undefined;
}

describe('The severity of a log record', () => {
  test.each([
    [1, 'info'],
    [5, 'info'],
    [9, 'info'],
    [12, 'info'],
    [13, 'warning'],
    [16, 'warning'],
    [17, 'error'],
    [20, 'error'],
    [21, 'error'],
    [24, 'error'],
  ])('with number %d is %s, whatever the text', (severityNumber, severity) => {
    expect(toEntry({ severityNumber, severityText: 'fatal' }).severity).toBe(severity);
  });

  test.each([
    ['ERROR', 'error'],
    ['err', 'error'],
    ['Fatal', 'error'],
    ['CRITICAL', 'error'],
    ['emergency', 'error'],
    ['WARNING', 'warning'],
    ['warn', 'warning'],
    ['E', 'error'],
    ['F', 'error'],
    ['E0312', 'error'],
    ['[ERROR]', 'error'],
    ['alert', 'error'],
    ['Severe', 'error'],
    ['fail', 'error'],
    ['50', 'error'],
    ['60', 'error'],
    ['3', 'error'],
    ['W', 'warning'],
    ['w:', 'warning'],
    ['40', 'warning'],
    ['4', 'warning'],
    ['I', 'info'],
    ['notice', 'info'],
    ['30', 'info'],
    ['6', 'info'],
    ['a text', 'info'],
    ['what', 'info'],
    ['debug', 'info'],
    ['', 'info'],
    ['anything', 'info'],
  ])('with text %p is %s if the number is unspecified or unknown', (severityText, severity) => {
    for (const severityNumber of [undefined, 0, 25, -1])
      expect(toEntry({ severityNumber, severityText }).severity).toBe(severity);
  });
});

describe('The datetime of a log record', () => {
  test('keeps the nanoseconds of every 64-bit time', () => {
    const end = 2n ** 64n - 1n;
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: end }), (time) => {
        const { datetime } = toEntry({ timeUnixNano: String(time) });
        const milliseconds = BigInt(Date.parse(`${datetime.slice(0, 23)}Z`));
        expect(datetime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
        expect(milliseconds * 1_000_000n + BigInt(datetime.slice(23, 29))).toBe(time);
      }),
    );
  });

  test('is the observed time if there is no other time', () => {
    const { datetime } = toEntry({ timeUnixNano: undefined, observedTimeUnixNano: '1700049900000000001' });
    expect(datetime).toBe('2023-11-15T12:05:00.000000001Z');
  });

  test('is required, because the time of arrival would differ at each retry', () => {
    expect(faultOf({ timeUnixNano: '0', observedTimeUnixNano: undefined })).toBe('timeUnixNano');
  });

  test.each(['-1', '18446744073709551616'])(
    'is refused if it does not fit into 64 bits, like %s',
    (timeUnixNano) => {
      expect(faultOf({ timeUnixNano })).toBe('timeUnixNano');
    },
  );
});

describe('The id of a log record', () => {
  const uid = (value: object) => ({ attributes: [{ key: 'log.record.uid', value }] });

  test('is its log.record.uid', () => {
    expect(toEntry(uid({ stringValue: '01HX' })).id).toBe('01HX');
  });

  test.each([
    ['there is none', {}],
    ['it is empty', uid({ stringValue: '' })],
    ['it is not text', uid({ intValue: 7 })],
    ['it is too long', uid({ stringValue: 'é'.repeat(129) })],
  ])('is derived from the record if %s', (_, overrides) => {
    expect(toEntry(overrides).id).toBe('derived');
  });
});

describe('The message of a log record', () => {
  const attributes = [{ key: 'user', value: { stringValue: 'ada' } }];

  test.each([
    ['text as it is', { stringValue: ' a\n"b" ' }, ' a\n"b" '],
    ['an empty text', { stringValue: '' }, ''],
    ['a number', { intValue: '42' }, '42'],
    ['an integer that a number cannot hold exactly', { intValue: '9007199254740993' }, '"9007199254740993"'],
    ['a fraction', { doubleValue: 0.5 }, '0.5'],
    ['a truth value', { boolValue: false }, 'false'],
    ['bytes', { bytesValue: 'aGk=' }, '"aGk="'],
    ['a list', { arrayValue: { values: [{ intValue: 1 }, {}] } }, '[1,null]'],
    [
      'a map, whatever its keys',
      { kvlistValue: { values: [{ key: '__proto__', value: { intValue: 1 } }, { key: 'none' }] } },
      '{"__proto__":1,"none":null}',
    ],
  ])('is the body: %s', (_, body, message) => {
    expect(toEntry({ body, attributes }).message).toBe(message);
  });

  test('must not have an integer of more than 64 bits', () => {
    expect(() => toEntry({ body: { intValue: '9223372036854775808' } })).toThrow(RangeError);
    expect(toEntry({ body: { intValue: '-9223372036854775808' } }).message).toBe('"-9223372036854775808"');
  });

  test('is the name of an event, if there is no body', () => {
    const event = toEntry({ body: undefined, attributes, eventName: 'login' });
    expect(event.message).toBe('login');
    expect(event.attributes).toEqual({ user: 'ada', 'event.name': 'login' });
    expect(toEntry({ body: undefined, attributes })).toMatchObject({
      message: '',
      attributes: { user: 'ada' },
    });
  });
});

describe('The attributes of a log record', () => {
  const list = (object: Record<string, object>) =>
    Object.entries(object).map(([key, value]) => ({ key, value }));

  test('are its own, with what OTLP has fields for', () => {
    const { attributes } = toEntry({
      attributes: list({
        'exception.stacktrace': { stringValue: 'at a' },
        n: { intValue: '9007199254740993' },
        d: { doubleValue: 'Infinity' },
        list: { arrayValue: { values: [{ boolValue: 'false' }] } },
      }),
      traceId: 'abc',
      spanId: 'def',
      severityText: 'FATAL',
    });
    expect(attributes).toEqual({
      'exception.stacktrace': 'at a',
      n: '9007199254740993',
      d: 'Infinity',
      list: [false],
      trace_id: 'abc',
      span_id: 'def',
      severity_text: 'FATAL',
    });
  });

  test('are absent if there is nothing of these', () => {
    expect(toEntry({})).not.toHaveProperty('attributes');
  });

  test('go before those of the scope, and these before those of the resource', () => {
    const origin = (kind: string) => ({
      name: 'lib',
      version: '1.2',
      attributes: {
        pairs: [
          ['a', kind],
          ['b', kind],
          [kind, kind],
        ] as [string, string][],
      },
    });
    const record = toLogRecord(logRecord({ attributes: list({ a: { stringValue: 'record' } }) }));
    const result = toEntryValue(
      record,
      { resource: origin('resource'), scope: origin('scope') },
      () => 'derived',
    );
    expect(result).toMatchObject({
      value: {
        attributes: {
          a: 'record',
          b: 'scope',
          scope: 'scope',
          resource: 'resource',
          'otel.scope.name': 'lib',
          'otel.scope.version': '1.2',
        },
      },
    });
  });

  test('are all kept if a name occurs more than once, with that of the record last', () => {
    const text = (value: string) => ({ stringValue: value });
    const record = toLogRecord(
      logRecord({
        attributes: [
          { key: 'a', value: text('first') },
          { key: 'a', value: text('second') },
          {
            key: 'map',
            value: { kvlistValue: { values: list({ n: { intValue: 1 } }).concat(list({ n: {} })) } },
          },
        ],
      }),
    );
    const resource = {
      name: '',
      version: '',
      attributes: {
        pairs: [
          ['a', 'resource'],
          ['map', 'resource'],
          ['b', 'resource'],
        ] as [string, string][],
      },
    };
    const result = toEntryValue(record, { ...NO_ORIGIN, resource }, () => 'derived');
    expect('attributes' in result && result.attributes?.()).toBe(
      '{"a":"resource","map":"resource","a":"first","a":"second","map":{"n":1,"n":null},"b":"resource"}',
    );
  });
});
