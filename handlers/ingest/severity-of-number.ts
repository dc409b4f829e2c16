import type { Severity } from '../../entities/entry.ts';

/**
 * What a number means as a severity: its name, the other members of its record, or else its size show which logger
 * wrote it. Undefined if no rule knows it.
 * @param name of the number. Of a name only letters and digits count, in any case
 */
export function severityOfNumber(
  number: number,
  name: string,
  record: MembersOfRecord,
): Severity | undefined {
  const scale = scaleByName(number, name) ?? scaleByMembers(number, record) ?? scaleBySize(number, name);
  return scale && severityOn(scale, number);
}

type MembersOfRecord = Readonly<Record<string, unknown>>;

/** What the numbers from `lowest` to `highest` mean. */
interface Scale {
  lowest: number;
  highest: number;
  warning: number;
  error: number;
  /** Whether lower numbers are more severe. */
  isFalling?: boolean;
}

function severityOn({ warning, error, isFalling }: Scale, number: number): Severity {
  if (isFalling ? number <= error : number >= error) return 'error';
  return (isFalling ? number <= warning : number >= warning) ? 'warning' : 'info';
}

function isOn({ lowest, highest }: Scale, number: number): boolean {
  return number >= lowest && number <= highest;
}

function scaleByName(number: number, name: string): Scale | undefined {
  // Most loggers use this name, and it says nothing about the scale.
  if (name === 'level') return undefined;
  const scales = SCALES_BY_NAME.get(name) ?? SCALES_BY_NAME.get(name.toLowerCase().replace(/[^a-z0-9]/g, ''));
  return scales?.find((scale) => isOn(scale, number));
}

function scaleByMembers(number: number, record: MembersOfRecord): Scale | undefined {
  for (const { scale, writes } of SCALES_BY_MEMBERS) if (isOn(scale, number) && writes(record)) return scale;
  return undefined;
}

function scaleBySize(number: number, name: string): Scale | undefined {
  // A name of one letter can be that of anything that has a size.
  if (name.length === 1) return undefined;
  return SCALES_BY_SIZE.find((scale) => isOn(scale, number));
}

/** RFC 5424: 0 emergency, 3 error, 4 warning, 7 debug. */
const SYSLOG: Scale = { lowest: 0, highest: 7, warning: 4, error: 3, isFalling: true };

/** 9 info, 13 warn, 17 error, 21 fatal. */
const OPENTELEMETRY: Scale = { lowest: 1, highest: 24, warning: 13, error: 17 };

/** 100 debug, 200 info, 400 warning, 500 error, 800 emergency. */
const GOOGLE_CLOUD: Scale = { lowest: 100, highest: 800, warning: 400, error: 500 };

/** 0 verbose, 1 information, 2 warning, 3 error, 4 critical. */
const AZURE: Scale = { lowest: 0, highest: 4, warning: 2, error: 3 };

/** 10 debug, 20 info, 30 warning, 40 error, 50 critical. */
const PYTHON: Scale = { lowest: 0, highest: 99, warning: 30, error: 40 };

/** 100 fatal, 200 error, 300 warn, 400 info, 600 trace. */
const LOG4J2: Scale = { lowest: 100, highest: 699, warning: 300, error: 200, isFalling: true };

/** 5,000 trace, 20,000 info, 30,000 warn, 40,000 error, in a 32-bit integer. Above is log4js's mark. */
const LOGBACK: Scale = { lowest: 5_000, highest: 2 ** 31 - 1, warning: 30_000, error: 40_000 };

/** 0 trace, 1 debug, 2 information, 3 warning, 4 error, 5 critical. */
const DOTNET: Scale = { lowest: 0, highest: 5, warning: 3, error: 4 };

/** 1 critical, 2 error, 3 warning, 4 information, 5 verbose. What has 0 is always written, whatever it says. */
const WINDOWS: Scale = { lowest: 1, highest: 5, warning: 3, error: 2, isFalling: true };
const WINDOWS_ALWAYS: Scale = { lowest: 0, highest: 0, warning: 1, error: 1 };

/** 0 fatal and error, 1 warn, 2 log, 3 info, 4 debug, 5 trace. */
const CONSOLA: Scale = { lowest: 0, highest: 5, warning: 1, error: 0, isFalling: true };

/** tslog: 3 info, 4 warn, 5 error, 6 fatal. ngx-logger: 2 info, 3 log, 4 warn, 5 error, 6 fatal. */
const TSLOG: Scale = { lowest: 0, highest: 6, warning: 4, error: 5 };

/** -1 debug, 0 info, 1 warn, 2 error, 5 fatal. */
const ZAP: Scale = { lowest: -128, highest: 5, warning: 1, error: 2 };

/** -4 debug, 0 info, 4 warn, 8 error. */
const SLOG: Scale = { lowest: -128, highest: 9, warning: 4, error: 8 };

/** Cloud Foundry: 0 debug, 1 info, 2 error, 3 fatal. */
const LAGER: Scale = { lowest: 0, highest: 3, warning: 2, error: 2 };

/** 1 debug, 2 info, 3 warning, 4 error, 5 critical. */
const NXLOG: Scale = { lowest: 1, highest: 5, warning: 3, error: 4 };

/** 1,000 trace, 3,000 info, 4,000 warn, 5,000 error, 6,000 fatal. */
const JSNLOG: Scale = { lowest: 1_000, highest: 6_000, warning: 4_000, error: 5_000 };

const SCALES_BY_NAME = new Map<string, Scale[]>([
  ...named('priority syslogpriority syslogseverity severitycode syslogseveritycode', SYSLOG),
  ...named('severity', SYSLOG, GOOGLE_CLOUD),
  ...named('severitynumber', OPENTELEMETRY),
  ...named('severitylevel', AZURE),
  ...named('severityvalue', NXLOG),
  ...named('levelno levelnumber no', PYTHON),
  ...named('intlevel', LOG4J2),
  ...named('levelint levelvalue', LOGBACK),
  // As it is spelled here: others write `logLevel` with the numbers of pino.
  ...named('LogLevel', DOTNET),
  ...named('levelid loglevelid', TSLOG),
  ...named('l', JSNLOG),
]);

function named(names: string, ...scales: Scale[]): [string, Scale[]][] {
  return names.split(' ').map((name) => [name, scales]);
}

/** The first scale that has the number and whose logger writes such a record. A member may be null. */
const SCALES_BY_MEMBERS: { scale: Scale; writes(record: MembersOfRecord): boolean }[] = [
  // GELF, and what passes syslog on
  { scale: SYSLOG, writes: (it) => (it.short_message ?? it.facility) !== undefined },
  { scale: PYTHON, writes: isOfPython },
  // lgr, a logger of R
  {
    scale: LOG4J2,
    writes: (it) => it.logger !== undefined && it.caller !== undefined && it.msg !== undefined,
  },
  { scale: CONSOLA, writes: (it) => it.type !== undefined && it.args !== undefined },
  { scale: WINDOWS, writes: isOfWindows },
  { scale: WINDOWS_ALWAYS, writes: isOfWindows },
  { scale: DOTNET, writes: (it) => it.EventId !== undefined && it.Category !== undefined },
  { scale: TSLOG, writes: (it) => it.fileName !== undefined && it.additional !== undefined },
  {
    scale: LAGER,
    writes: (it) => it.log_level !== undefined && it.source !== undefined && it.data !== undefined,
  },
  { scale: ZAP, writes: (it) => it.ts !== undefined && (it.msg ?? it.caller) !== undefined },
  { scale: SLOG, writes: isOfSlog },
];

function isOfPython(it: MembersOfRecord): boolean {
  return (it.levelname ?? it.funcName ?? it.pathname ?? it.lineno ?? it.asctime ?? it.taskName) !== undefined;
}

function isOfWindows(it: MembersOfRecord): boolean {
  return (it.EventID ?? it.ProviderName ?? it.EventRecordID ?? it.eventRecordID) !== undefined;
}

/** A record of pino may have such members and a small number of its own, but also the process. */
function isOfSlog(it: MembersOfRecord): boolean {
  return typeof it.time === 'string' && (it.msg ?? it.source) !== undefined && it.pid === undefined;
}

/** The scales of numbers that nothing else explains. */
const SCALES_BY_SIZE: Scale[] = [
  // pino and bunyan: 30 info, 40 warn, 50 error
  { lowest: 10, highest: 99, warning: 40, error: 50 },
  // Monolog: 200 info, 300 warning, 400 error, 600 emergency
  { lowest: 100, highest: 699, warning: 300, error: 400 },
  // java.util.logging: 800 info, 900 warning, 1,000 severe
  { lowest: 700, highest: 4_999, warning: 900, error: 1_000 },
  LOGBACK,
];
