import type { Fault } from '../../entities/dead-letter.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { ENTRIES_LIMIT, RECORD_LIMIT_BYTES } from '../limits.ts';
import type { RawRecord } from './check-records.ts';
import { bracketed, isArray, isObject, memberOf, partsOf, type Span, trim } from './json-spans.ts';

const FORMS = 'one JSON object, a JSON array, {"logs": [...]} or one JSON object per line (NDJSON)';

/** What some shippers send by default, and what to configure instead, by a part of the Content-Type. */
const OTHER_FORMATS = [
  ['msgpack', 'MessagePack is not supported: set the format of the output to JSON'],
  ['protobuf', 'Protobuf is not supported here: send OTLP to /v1/logs, anything else as JSON'],
  ['form-urlencoded', 'A form is not supported: send JSON'],
  ['multipart', 'A form is not supported: send JSON'],
] as const;

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');
const NEWLINE = 0x0a;

/**
 * The records of a body in any of the supported formats, recognised by looking at the body. Each record is parsed as
 * it is drawn, and a broken record affects no other.
 * @throws HttpProblem 400 if the body has none of the formats, 413 over ENTRIES_LIMIT records, 415 if its Content-Type
 *   names another format
 */
export function splitRecords(body: Buffer, contentType: string): Iterable<RawRecord> {
  const start = body.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  return parseEach(
    body,
    collectWithinLimit(spansOf(body, trim(body, { start, end: body.length }), contentType)),
  );
}

/**
 * Draws all items before the first is stored, so that a body over the limit is refused as a whole.
 * @throws HttpProblem 413 over ENTRIES_LIMIT items
 */
export function collectWithinLimit<Item>(items: Iterable<Item>): Item[] {
  const collected: Item[] = [];
  for (const item of items) {
    if (collected.length === ENTRIES_LIMIT) throw tooManyEntries();
    collected.push(item);
  }
  return collected;
}

export function tooManyEntries(): HttpProblem {
  const limit = ENTRIES_LIMIT.toLocaleString('en');
  return new HttpProblem(413, `The body has more than ${limit} entries: make the shipper's batches smaller`);
}

function spansOf(body: Buffer, all: Span, contentType: string): Iterable<Span> {
  const first = isArray(body, all) || isObject(body, all) ? bracketed(body, all) : undefined;
  if (first?.end === all.end) return isArray(body, first) ? partsOf(body, first) : spansOfObject(body, first);
  if (isArray(body, all))
    throw new HttpProblem(
      400,
      first ? `Something follows the JSON array: send ${FORMS}` : 'The JSON array is cut off',
    );
  const form = OTHER_FORMATS.find(([name]) => contentType.toLowerCase().includes(name));
  if (form && !isObject(body, all)) throw new HttpProblem(415, form[1]);
  for (const line of linesOf(body, all)) if (isObject(body, line)) return linesOf(body, all);
  throw new HttpProblem(400, `The body is ${all.start === all.end ? 'empty' : 'not JSON'}: send ${FORMS}`);
}

/** The array in `{"logs": [...]}`. An object with an `id` is an entry, even if it has a field `logs`. */
function spansOfObject(body: Buffer, object: Span): Iterable<Span> {
  if (memberOf(body, object, 'id')) return [object];
  if (memberOf(body, object, 'resourceLogs'))
    throw new HttpProblem(400, 'This is OpenTelemetry (OTLP): send it to /v1/logs');
  const logs = memberOf(body, object, 'logs');
  return logs && isArray(body, logs) ? partsOf(body, logs) : [object];
}

function* linesOf(body: Buffer, { start, end }: Span): Generator<Span> {
  for (let from = start; from < end; ) {
    const newline = body.indexOf(NEWLINE, from);
    const to = newline < 0 || newline > end ? end : newline;
    const line = trim(body, { start: from, end: to });
    if (line.end > line.start) yield line;
    from = to + 1;
  }
}

function* parseEach(body: Buffer, spans: Span[]): Generator<RawRecord> {
  for (const span of spans) {
    const text = () => body.toString('utf8', span.start, span.end);
    const attributes = () => textOf(body, memberOf(body, span, 'attributes'));
    yield { text, attributes, ...parse(body, span, text) };
  }
}

function textOf(body: Buffer, span: Span | undefined): string | undefined {
  return span && body.toString('utf8', span.start, span.end);
}

function parse(body: Buffer, span: Span, text: () => string): { value: unknown } | { errors: Fault[] } {
  if (span.end - span.start > RECORD_LIMIT_BYTES)
    return refuse(`must not be over ${RECORD_LIMIT_BYTES / 1024 / 1024} MiB of JSON: shorten it`);
  try {
    return { value: JSON.parse(text()) };
  } catch (error) {
    const object = isObject(body, span) ? bracketed(body, span) : undefined;
    if (object && object.end < span.end)
      return refuse(
        'has more than one object on its line: send one per line (Fluent Bit: Format json_lines)',
      );
    return refuse(`is not valid JSON: ${(error as Error).message}`);
  }
}

function refuse(message: string): { errors: Fault[] } {
  return { errors: [{ path: '', message }] };
}
