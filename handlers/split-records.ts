import { ENTRIES_LIMIT } from './limits.ts';
import { HttpProblem } from './problem.ts';

/** One record of a body: its value, or why it is not JSON; and its text. */
export interface RawRecord {
  value?: unknown;
  syntaxError?: string;
  text: () => string;
}

export interface Records {
  count: number;
  records: Iterable<RawRecord>;
}

const FORMS = 'one JSON object, a JSON array, {"logs": [...]} or one JSON object a line (NDJSON)';

/** What shippers send by default, and what to set instead. The first that the Content-Type holds counts. */
const OTHER_FORMATS = [
  ['msgpack', 'MessagePack is not read here: set the format of the output to JSON'],
  ['protobuf', 'Protobuf is not read here: send OTLP to /v1/logs, anything else as JSON'],
  ['form-urlencoded', 'A form is not read here: send JSON'],
  ['multipart', 'A form is not read here: send JSON'],
] as const;

/**
 * The records of a body, whatever its form, found by looking at it. Lines are parsed as they are drawn, and a
 * broken one spoils only itself.
 * @throws HttpProblem 400 when the body is of no such form, 413 over ENTRIES_LIMIT records, 415 when its
 *   Content-Type says that it is something else
 */
export function splitRecords(body: Buffer, contentType: string): Records {
  const text = new TextDecoder().decode(body);
  const whole = parseJson(text);
  if (whole.syntaxError === undefined) return bounded(fromJson(whole.value));
  if (/^\s*\[/.test(text)) throw new HttpProblem(400, `The JSON array cannot be read: ${whole.syntaxError}`);
  if (/^\s*\{/m.test(text)) return bounded({ count: countLines(text), records: fromLines(text) });
  throw unreadable(text, contentType);
}

function bounded(records: Records): Records {
  if (records.count > ENTRIES_LIMIT)
    throw new HttpProblem(
      413,
      `The body holds ${records.count} entries, over the limit of ${ENTRIES_LIMIT}: make the shipper's batches smaller`,
    );
  return records;
}

function fromJson(value: unknown): Records {
  const list = Array.isArray(value) ? value : (unwrapped(value) ?? [value]);
  return { count: list.length, records: list.map((one) => ({ value: one, text: () => stringify(one) })) };
}

/** The list inside `{"logs": [...]}`. An entry may have a field `logs` of its own, but then it has an `id`. */
function unwrapped(value: unknown): unknown[] | undefined {
  if (typeof value !== 'object' || value === null || 'id' in value || !('logs' in value)) return undefined;
  return Array.isArray(value.logs) ? value.logs : undefined;
}

function* fromLines(text: string): Generator<RawRecord> {
  for (const line of linesOf(text)) {
    const { value, syntaxError } = parseJson(line);
    yield { value, syntaxError, text: () => line };
  }
}

function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    if (line.trim() !== '') yield line;
    from = end < 0 ? text.length : end + 1;
  }
}

function countLines(text: string): number {
  let count = 0;
  for (const _ of linesOf(text)) count++;
  return count;
}

function parseJson(text: string): { value?: unknown; syntaxError?: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { syntaxError: (error as Error).message };
  }
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'nested too deeply to be written down';
  }
}

function unreadable(text: string, contentType: string): HttpProblem {
  if (text.trim() === '') return new HttpProblem(400, `The body is empty: send ${FORMS}`);
  const other = OTHER_FORMATS.find(([name]) => contentType.toLowerCase().includes(name));
  if (other) return new HttpProblem(415, other[1]);
  return new HttpProblem(400, `The body is not JSON: send ${FORMS}`);
}
