import type { Severity } from '../../entities/entry.ts';

/**
 * What a number means as a severity: its name, the other members of its record, or else its size show which logger
 * wrote it. Undefined if no rule knows it.
 * @param name of the number in the record; with dots if it is in nested objects
 */
export function severityOfNumber(
  number: number,
  name: string,
  record: MembersOfRecord,
): Severity | undefined {
  const scale = SCALES_BY_NAME.get(name) ?? SCALES_BY_NAME.get(name.slice(name.lastIndexOf('.') + 1));
  const severity = scale?.(number) ?? severityByMembers(number, record);
  return severity ?? SCALES_BY_SIZE.find(({ highest }) => number <= highest)?.scale(number);
}

type MembersOfRecord = Readonly<Record<string, unknown>>;
type Scale = (number: number) => Severity | undefined;

function severityByMembers(number: number, record: MembersOfRecord): Severity | undefined {
  for (const { writes, scale } of SCALES_BY_MEMBERS) {
    const severity = scale(number);
    if (severity && writes(record)) return severity;
  }
  return undefined;
}

/** A scale of the numbers from `lowest` to `highest`, on which higher numbers are more severe. */
function rising(lowest: number, highest: number, { warning, error }: Thresholds): Scale {
  return (number) => {
    if (!(number >= lowest && number <= highest)) return undefined;
    if (number >= error) return 'error';
    return number >= warning ? 'warning' : 'info';
  };
}

/** A scale on which lower numbers are more severe. */
function falling(lowest: number, highest: number, { warning, error }: Thresholds): Scale {
  const scale = rising(-highest, -lowest, { warning: -warning, error: -error });
  return (number) => scale(-number);
}

interface Thresholds {
  warning: number;
  error: number;
}

/** RFC 5424: 0 emergency, 3 error, 4 warning, 7 debug. */
const SYSLOG = falling(0, 7, { warning: 4, error: 3 });

/** The number before a message of syslog: eight times the facility, plus the severity. */
const SYSLOG_PRI: Scale = (number) => (number >= 0 && number <= 191 ? SYSLOG(number % 8) : undefined);

/** 9 info, 13 warn, 17 error, 21 fatal. */
const OPENTELEMETRY = rising(1, 24, { warning: 13, error: 17 });

/** 100 debug, 200 info, 400 warning, 500 error, 800 emergency. */
const GOOGLE_CLOUD = rising(100, 800, { warning: 400, error: 500 });

/** 0 verbose, 1 information, 2 warning, 3 error, 4 critical. */
const AZURE = rising(0, 4, { warning: 2, error: 3 });

/** 10 debug, 20 info, 30 warning, 40 error, 50 critical. */
const PYTHON = rising(0, 99, { warning: 30, error: 40 });

/** 100 fatal, 200 error, 300 warn, 400 info, 600 trace. */
const LOG4J2 = falling(100, 699, { warning: 300, error: 200 });

/** 5,000 trace, 20,000 info, 30,000 warn, 40,000 error. */
const LOGBACK = rising(0, Number.POSITIVE_INFINITY, { warning: 30_000, error: 40_000 });

/** 0 trace, 1 debug, 2 information, 3 warning, 4 error, 5 critical. */
const DOTNET = rising(0, 5, { warning: 3, error: 4 });

/** 0 always, 1 critical, 2 error, 3 warning, 4 information, 5 verbose. */
const WINDOWS_LEVELS = falling(1, 5, { warning: 3, error: 2 });
const WINDOWS: Scale = (number) => (number === 0 ? 'info' : WINDOWS_LEVELS(number));

/** 0 fatal and error, 1 warn, 2 log, 3 info, 4 debug, 5 trace. */
const CONSOLA = falling(0, 5, { warning: 1, error: 0 });

/** tslog: 3 info, 4 warn, 5 error, 6 fatal. ngx-logger: 2 info, 3 log, 4 warn, 5 error, 6 fatal. */
const TSLOG = rising(0, 6, { warning: 4, error: 5 });

/** -1 debug, 0 info, 1 warn, 2 error, 5 fatal. */
const ZAP = rising(-128, 5, { warning: 1, error: 2 });

/** -4 debug, 0 info, 4 warn, 8 error. */
const SLOG = rising(-128, 9, { warning: 4, error: 8 });

/** Cloud Foundry: 0 debug, 1 info, 2 error, 3 fatal. */
const LAGER = rising(0, 3, { warning: 2, error: 2 });

const SCALES_BY_NAME = new Map<string, Scale>([
  ...named(
    SYSLOG,
    'PRIORITY priority Severity syslog_severity syslog_severity_code log.syslog.severity.code',
  ),
  ...named(SYSLOG_PRI, 'pri PRI syslog_pri log.syslog.priority'),
  ...named((number) => SYSLOG(number) ?? GOOGLE_CLOUD(number), 'severity'),
  ...named(OPENTELEMETRY, 'severityNumber SeverityNumber severity_number'),
  ...named(AZURE, 'severityLevel'),
  ...named(PYTHON, 'levelno level_number no'),
  ...named(LOG4J2, 'intLevel'),
  ...named(LOGBACK, 'levelInt level_value'),
  ...named(DOTNET, 'LogLevel'),
  ...named(TSLOG, 'levelId logLevelId'),
]);

function named(scale: Scale, names: string): [string, Scale][] {
  return names.split(' ').map((name) => [name, scale]);
}

/** The first scale that has the number and whose logger writes such a record. */
const SCALES_BY_MEMBERS: { scale: Scale; writes(record: MembersOfRecord): boolean }[] = [
  { scale: PYTHON, writes: hasAny('levelname', 'funcName', 'pathname', 'lineno', 'asctime', 'taskName') },
  // lgr, a logger of R
  { scale: LOG4J2, writes: hasAll('logger', 'caller', 'msg') },
  { scale: CONSOLA, writes: hasAll('type', 'args') },
  { scale: WINDOWS, writes: hasAny('EventID', 'ProviderName', 'EventRecordID', 'eventRecordID') },
  // GELF, and what passes syslog on
  { scale: SYSLOG, writes: hasAny('short_message', 'facility') },
  { scale: DOTNET, writes: hasAll('EventId', 'Category') },
  { scale: TSLOG, writes: hasAll('fileName', 'additional') },
  { scale: LAGER, writes: hasAll('log_level', 'source', 'data') },
  { scale: ZAP, writes: (record) => 'ts' in record && ('msg' in record || 'caller' in record) },
  { scale: SLOG, writes: isOfSlog },
];

/** A record of pino may have such members and a small number of its own, but also the process. */
function isOfSlog(record: MembersOfRecord): boolean {
  return typeof record.time === 'string' && ('msg' in record || 'source' in record) && !('pid' in record);
}

function hasAll(...names: string[]): (record: MembersOfRecord) => boolean {
  return (record) => names.every((name) => name in record);
}

function hasAny(...names: string[]): (record: MembersOfRecord) => boolean {
  return (record) => names.some((name) => name in record);
}

/** The scale of a number that nothing else explains. Each begins after the one before. */
const SCALES_BY_SIZE: { highest: number; scale: Scale }[] = [
  // pino and bunyan: 30 info, 40 warn, 50 error
  { highest: 99, scale: rising(10, 99, { warning: 40, error: 50 }) },
  // Monolog: 200 info, 300 warning, 400 error, 600 emergency
  { highest: 699, scale: rising(100, 699, { warning: 300, error: 400 }) },
  // java.util.logging: 800 info, 900 warning, 1,000 severe
  { highest: 4_999, scale: rising(700, 4_999, { warning: 900, error: 1_000 }) },
  { highest: Number.POSITIVE_INFINITY, scale: LOGBACK },
];
