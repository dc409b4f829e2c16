import { describe, expect, test } from '@jest/globals';
import { parseExactly } from '../../../../entities/json-text.ts';
import { toEntryValue } from '../../../../handlers/ingest/loggers/to-entry-value.ts';

/** What a record becomes, as its logger writes it. */
function read(record: object) {
  const json = JSON.stringify(record);
  const result = toEntryValue({ value: parseExactly(json), json }, () => 'derived');
  if ('errors' in result) return result;
  const { datetime, severity, message } = result.value as Record<string, string>;
  return { datetime, severity, message, attributes: JSON.parse(result.attributes?.() ?? '') };
}

const TIME = '2023-11-15T12:05:00.123Z';

describe('A record as it is written', () => {
  test.each<[string, object, { datetime?: string; severity: string; message: string; attributes: object }]>([
    [
      'by log4j2’s JsonLayout',
      {
        instant: { epochSecond: 1700049900, nanoOfSecond: 5000000 },
        thread: 'main',
        level: 'WARN',
        loggerName: 'App',
        message: 'm',
      },
      {
        datetime: '2023-11-15T12:05:00.005Z',
        severity: 'warning',
        message: 'm',
        attributes: { thread: 'main', loggerName: 'App' },
      },
    ],
    [
      'by log4j2 with milliseconds',
      { timeMillis: 1700049900123, level: 'ERROR', message: 'm' },
      { severity: 'error', message: 'm', attributes: {} },
    ],
    [
      'by Serilog’s compact formatter',
      { '@t': TIME, '@mt': 'Order {Id}', '@l': 'Warning', Id: 7 },
      { severity: 'warning', message: 'Order {Id}', attributes: { Id: 7 } },
    ],
    [
      'by Serilog’s rendered compact formatter',
      { '@t': TIME, '@m': 'Order 7', '@i': 'a1', Id: 7 },
      { severity: 'info', message: 'Order 7', attributes: { '@i': 'a1', Id: 7 } },
    ],
    [
      'by Serilog’s JSON formatter',
      { Timestamp: TIME, Level: 'Fatal', MessageTemplate: 'Order {Id}', RenderedMessage: 'Order 7' },
      {
        severity: 'error',
        message: 'Order 7',
        attributes: { Level: 'Fatal', MessageTemplate: 'Order {Id}' },
      },
    ],
    [
      'by .NET’s JSON console',
      { Timestamp: TIME, EventId: 0, LogLevel: 'Error', Category: 'App', Message: 'm' },
      { severity: 'error', message: 'm', attributes: { EventId: 0, Category: 'App' } },
    ],
    [
      'by structlog',
      { event: 'login', level: 'info', timestamp: TIME, user: 5 },
      { severity: 'info', message: 'login', attributes: { user: 5 } },
    ],
    [
      'by loguru',
      {
        text: 't',
        record: { level: { name: 'ERROR', no: 40 }, message: 'm', time: { timestamp: 1700049900.123 } },
      },
      {
        severity: 'error',
        message: 'm',
        attributes: {
          text: 't',
          record: { level: { name: 'ERROR', no: 40 }, message: 'm', time: { timestamp: 1700049900.123 } },
        },
      },
    ],
    [
      'by Monolog',
      { message: 'm', level: 300, level_name: 'WARNING', datetime: TIME },
      { severity: 'warning', message: 'm', attributes: { level: 300, level_name: 'WARNING' } },
    ],
    [
      'by Rust’s tracing',
      { timestamp: TIME, level: 'ERROR', fields: { message: 'm', n: 1 }, target: 'app' },
      { severity: 'error', message: 'm', attributes: { fields: { message: 'm', n: 1 }, target: 'app' } },
    ],
    [
      'by HashiCorp’s tools',
      { '@timestamp': TIME, '@level': 'warn', '@message': 'm', '@module': 'vault' },
      { severity: 'warning', message: 'm', attributes: { '@module': 'vault' } },
    ],
    [
      'by MongoDB',
      { t: { $date: TIME }, s: 'E', c: 'NETWORK', msg: 'm' },
      { severity: 'error', message: 'm', attributes: { s: 'E', c: 'NETWORK' } },
    ],
    [
      'by zap',
      { level: 'dpanic', ts: 1700049900.123, caller: 'a.go:1', msg: 'm' },
      { severity: 'error', message: 'm', attributes: { level: 'dpanic', caller: 'a.go:1' } },
    ],
    [
      'by logback',
      { timestamp: 1700049900123, level: 'INFO', loggerName: 'App', message: 'm', throwable: null },
      { severity: 'info', message: 'm', attributes: { loggerName: 'App', throwable: null } },
    ],
  ])('%s is understood', (_, record, wanted) => {
    expect(read(record)).toEqual({ datetime: TIME, ...wanted });
  });

  test.each([
    [10, 'info'],
    [50, 'error'],
    [100, 'info'],
    [250, 'info'],
    [300, 'warning'],
    [400, 'error'],
    [600, 'error'],
    [800, 'info'],
    [900, 'warning'],
    [1_000, 'error'],
    [20_000, 'info'],
    [30_000, 'warning'],
    [40_000, 'error'],
  ])('with the level %d is %s', (level, severity) => {
    expect(read({ time: TIME, level, msg: 'm' })).toMatchObject({ severity });
  });

  test.each([{}, { epochSecond: 'x' }, { epochSecond: 1, nanoOfSecond: -1 }, { epochSecond: {} }])(
    'with the instant %j is refused',
    (instant) => {
      expect(read({ instant, message: 'm' })).toMatchObject({ errors: [{ path: 'instant' }] });
    },
  );
});
