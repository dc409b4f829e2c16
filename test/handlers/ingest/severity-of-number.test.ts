import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { severityOfNumber } from '../../../handlers/ingest/severity-of-number.ts';
import { RUNS } from '../../support/arbitraries.ts';

const TEXT_TIME = '2026-11-28T10:00:06.123Z';

/** How loggers write a level as a number: where, beside which members, and what it means. */
const LOGGERS: {
  logger: string;
  name: string;
  beside?: object;
  info: number[];
  warning: number[];
  error: number[];
}[] = [
  { logger: 'journald', name: 'PRIORITY', info: [5, 6, 7], warning: [4], error: [0, 1, 2, 3] },
  { logger: 'syslog', name: 'severity', info: [5, 6, 7], warning: [4], error: [0, 1, 2, 3] },
  {
    ...{
      logger: 'GELF',
      name: 'level',
      beside: { version: '1.1', host: 'h', short_message: 'm', timestamp: 1.5 },
    },
    ...{ info: [5, 6, 7], warning: [4], error: [0, 1, 2, 3] },
  },
  { logger: 'rsyslog', name: 'syslog.severity', info: [5, 6, 7], warning: [4], error: [0, 3] },
  { logger: 'OpenTelemetry', name: 'severityNumber', info: [1, 9, 12], warning: [13, 16], error: [17, 24] },
  { logger: 'Azure', name: 'severityLevel', info: [0, 1], warning: [2], error: [3, 4] },
  {
    logger: 'Google Cloud',
    name: 'severity',
    info: [100, 200, 300],
    warning: [400],
    error: [500, 600, 700, 800],
  },
  { logger: 'Python', name: 'levelno', info: [5, 10, 20, 25], warning: [30], error: [40, 50] },
  { logger: 'structlog', name: 'level_number', info: [10, 20], warning: [30], error: [40, 50] },
  { logger: 'loguru', name: 'no', info: [5, 10, 20, 25], warning: [30], error: [40, 50] },
  {
    ...{
      logger: 'Python with its record',
      name: 'level',
      beside: { lineno: 3, funcName: 'f', pathname: 'a.py' },
    },
    ...{ info: [0, 10, 20], warning: [30, 35], error: [40, 50] },
  },
  { logger: 'log4j2', name: 'intLevel', info: [400, 500, 600], warning: [300], error: [100, 200] },
  {
    logger: 'logstash-logback-encoder',
    name: 'level_value',
    info: [5_000, 20_000],
    warning: [30_000],
    error: [40_000],
  },
  {
    ...{ logger: '.NET', name: 'LogLevel', beside: { EventId: 7, Category: 'App' } },
    ...{ info: [0, 1, 2], warning: [3], error: [4, 5] },
  },
  {
    ...{ logger: '.NET under another name', name: 'Level', beside: { EventId: 7, Category: 'App' } },
    ...{ info: [0, 1, 2], warning: [3], error: [4, 5] },
  },
  {
    ...{ logger: 'Windows', name: 'Level', beside: { EventID: 7036, Channel: 'System' } },
    ...{ info: [0, 4, 5], warning: [3], error: [1, 2] },
  },
  {
    ...{ logger: 'Windows in short', name: 'level', beside: { ProviderName: 'Service Control Manager' } },
    ...{ info: [0, 4, 5], warning: [3], error: [1, 2] },
  },
  {
    ...{ logger: 'consola', name: 'level', beside: { date: TEXT_TIME, type: 'info', tag: '', args: ['m'] } },
    ...{ info: [2, 3, 4, 5], warning: [1], error: [0] },
  },
  { logger: 'tslog', name: 'logLevelId', info: [0, 1, 2, 3], warning: [4], error: [5, 6] },
  {
    ...{ logger: 'zap', name: 'level', beside: { ts: 1795860006.123, msg: 'm' } },
    ...{ info: [-5, -1, 0], warning: [1], error: [2, 3, 4, 5] },
  },
  {
    ...{ logger: 'slog', name: 'level', beside: { time: TEXT_TIME, msg: 'm' } },
    ...{ info: [-8, -4, 0, 2], warning: [4, 5, 7], error: [8, 9] },
  },
  { logger: 'tslog 5', name: 'levelId', info: [0, 1, 2, 3], warning: [4], error: [5, 6] },
  { logger: 'Mozilla', name: 'Severity', info: [5, 6, 7], warning: [4], error: [0, 2, 3] },
  { logger: 'Logstash', name: 'syslog_severity_code', info: [6], warning: [4], error: [3] },
  { logger: 'JSNLog', name: 'l', info: [1_000, 2_000, 3_000], warning: [4_000], error: [5_000, 6_000] },
  {
    ...{ logger: 'NXLog', name: 'SeverityValue', beside: { EventID: 7036 } },
    ...{ info: [1, 2], warning: [3], error: [4, 5] },
  },
  {
    ...{ logger: 'Graylog', name: 'level', beside: { message: 'm', facility: 'app', source: 'h' } },
    ...{ info: [5, 6, 7], warning: [4], error: [0, 3] },
  },
  {
    ...{ logger: 'NXLog as GELF', name: 'level', beside: { short_message: 'm', EventID: 7, lineno: 3 } },
    ...{ info: [5, 6, 7], warning: [4], error: [0, 3] },
  },
  {
    ...{ logger: 'Python with a renamed level', name: 'level', beside: { taskName: null, name: 'root' } },
    ...{ info: [10, 20], warning: [30], error: [40, 50] },
  },
  {
    ...{ logger: 'Windows by Loki’s agent', name: 'level', beside: { event_id: 7, eventRecordID: 9 } },
    ...{ info: [0, 4, 5], warning: [3], error: [1, 2] },
  },
  {
    ...{
      logger: 'ngx-logger',
      name: 'level',
      beside: { timestamp: TEXT_TIME, fileName: 'a', additional: [] },
    },
    ...{ info: [0, 1, 2, 3], warning: [4], error: [5, 6] },
  },
  {
    ...{ logger: 'Cloud Foundry', name: 'log_level', beside: { source: 'rep', message: 'm', data: {} } },
    ...{ info: [0, 1], warning: [], error: [2, 3] },
  },
  {
    ...{ logger: 'lgr', name: 'level', beside: { timestamp: 't', logger: 'root', caller: 'f', msg: 'm' } },
    ...{ info: [400, 500, 600], warning: [300], error: [100, 200] },
  },
  {
    logger: 'pino',
    name: 'level',
    beside: { time: 1795860006123, msg: 'm', pid: 1 },
    info: [10, 20, 30, 35],
    warning: [40, 45],
    error: [50, 60, 99],
  },
  {
    logger: 'roarr',
    name: 'logLevel',
    beside: { sequence: '0' },
    info: [10, 20, 30],
    warning: [40],
    error: [50, 60],
  },
  { logger: 'Monolog', name: 'level', info: [100, 200, 250], warning: [300], error: [400, 500, 550, 600] },
  { logger: 'java.util.logging', name: 'level', info: [700, 800], warning: [900], error: [1_000, 1_200] },
  {
    logger: 'log4js',
    name: 'level',
    info: [5_000, 10_000, 20_000],
    warning: [30_000],
    error: [40_000, 50_000],
  },
];

const CASES = LOGGERS.flatMap(({ logger, name, beside = {}, ...numbers }) =>
  Object.entries(numbers).flatMap(([severity, values]) =>
    values.map((number) => ({ logger, name, beside, number, severity })),
  ),
);

describe('A number as a severity', () => {
  test.each(CASES)('by $logger: $name $number is $severity', ({ name, beside, number, severity }) => {
    expect(severityOfNumber(number, name, { ...beside, [name]: number })).toBe(severity);
  });

  test('means the same in any order of members, and beside members of its own', () => {
    const records = fc.constantFrom(...CASES).chain(({ name, beside, number, severity }) =>
      fc
        .shuffledSubarray(Object.entries({ ...beside, [name]: number, user: 5, 'a.b': 'x', nested: {} }), {
          minLength: Object.keys(beside).length + 4,
        })
        .map((members) => ({ record: Object.fromEntries(members), name, number, severity })),
    );
    fc.assert(
      fc.property(records, ({ record, name, number, severity }) => {
        expect(severityOfNumber(number, name, record)).toBe(severity);
      }),
      { numRuns: 200 * RUNS },
    );
  });

  test.each([0, 1, 3, 4, 7, 9, -1, -5, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])(
    'is unknown if it is %p and nothing tells whose it is',
    (number) => {
      expect(
        severityOfNumber(number, 'level', { level: number, time: 1795860006123, msg: 'm' }),
      ).toBeUndefined();
    },
  );

  test('of a caller’s own level of pino is unknown', () => {
    const record = { level: 5, time: TEXT_TIME, pid: 1, hostname: 'h', msg: 'm' };
    expect(severityOfNumber(5, 'level', record)).toBeUndefined();
  });

  test.each(['l', 's'])('under the name %s is no severity for its size', (name) => {
    for (const number of [10, 50, 300, 40_000]) expect(severityOfNumber(number, name, {})).toBeUndefined();
  });

  test.each(['severityNumber', 'severity_number', 'SeverityNumber', 'severity-number', 'severity.number'])(
    'has the name %s in any spelling',
    (name) => {
      expect(severityOfNumber(17, name, {})).toBe('error');
    },
  );

  test('never fails, whatever the name', () => {
    for (const name of ['', '.', '__proto__', 'constructor', 'a.toString', 'x.'])
      expect(severityOfNumber(3, name, {})).toBeUndefined();
  });
});
