import type { Severity } from '../../../entities/entry.ts';
import { severityOfText } from '../severity-of-text.ts';
import { isJsonObject } from './record-members.ts';

/** What Lambda writes before a line of its own or of a runtime: a time and the id of the request. */
const PREFIX = /^\d{4}-\d\d-\d\dT[\d:.]+Z?\s+(?:[0-9a-f-]{36}|undefined|-)\s+/;

/** The level column of Lambda's runtimes: Node.js, .NET and Java write it behind the prefix, Python before it. */
const COLUMN_BEHIND_PREFIX = /^([A-Za-z]+(?=\t)|[A-Z]{3,}(?=\s|$))/;
const COLUMN_BEFORE_TIME = /^\[([A-Za-z]+)\]\t\d{4}-\d\d-\d\dT/;
const COLUMN_OF_RUBY = /^[A-Z], \[\d{4}-\d\d-\d\dT[^\]]+\]\s+([A-Z]+)\s/;

/** The lines in which the platform says that an invocation or a start has failed. */
const FAILURES = [
  /^Task timed out after [\d.]+ seconds\s*$/,
  /^(?:RequestId: \S+ )?Process exited before completing request\s*$/,
  /^(?:RequestId: \S+ )?Error: Runtime exited\b/,
  /^(?:INIT_)?REPORT\b.*\bStatus: (?:timeout|error|failure)\b/s,
  /^\[ERROR\] \w/,
  /^Unable to import module '/,
  /^FATAL ERROR: .*\bout of memory$/im,
  /^(?:Runtime|Function|Extension|Sandbox|Lambda)\.[A-Z]\w+(?::|\s|$)/,
  /^(?:Uncaught Exception|Unhandled Promise Rejection|LAMBDA_WARNING: Unhandled exception)\b/,
];

/** The first line of a stack trace: Python, Go, Java, .NET, Ruby, and JavaScript. */
const TRACE_HEADERS = [
  /^Traceback \(most recent call last\)/,
  /^panic: /,
  /^(?:Exception in thread|Unhandled exception\b)/i,
  /^(?:[a-z]\w*\.)+[A-Z]\w*(?:Exception|Error)(?::|\s|$)/,
  /^(?:Uncaught )?[A-Z]\w*(?:Error|Exception)?: .*\n\s+at /,
];

/**
 * The severity of a line of AWS Lambda: of a runtime that writes a level column, of the platform itself, or of a stack
 * trace. Undefined for any other text, which is not searched for words.
 */
export function severityOfLambdaLine(text: string): Severity | undefined {
  const prefix = PREFIX.exec(text)?.[0] ?? '';
  const line = text.slice(prefix.length);
  const column = prefix
    ? COLUMN_BEHIND_PREFIX.exec(line)
    : (COLUMN_BEFORE_TIME.exec(line) ?? COLUMN_OF_RUBY.exec(line));
  const severity = column?.[1] && severityOfText(column[1]);
  if (severity && severity !== 'info') return severity;
  const isIn = (pattern: RegExp) => pattern.test(line);
  if (FAILURES.some(isIn) || TRACE_HEADERS.some(isIn)) return 'error';
  return severity || undefined;
}

/** Any other status is that of an invocation or a start that failed. */
const GOOD_STATUS = 'success';

/** The severity of an event of Lambda's platform in its JSON format: `{"type": "platform.report", "record": {"status": ...}}`. */
export function severityOfPlatformEvent({ type, record }: Record<string, unknown>): Severity | undefined {
  if (typeof type !== 'string' || !type.startsWith('platform.')) return undefined;
  const status = isJsonObject(record) ? record.status : undefined;
  return typeof status === 'string' && status !== GOOD_STATUS ? 'error' : undefined;
}
