import { isUtf8 } from 'node:buffer';
import { HttpProblem } from '../http/http-problem.ts';
import { RECORD_LIMIT_BYTES } from '../limits.ts';
import {
  collectWithinLimit,
  type EntryValue,
  type RawRecord,
  type Refused,
  refuse,
} from './check-and-store.ts';
import { foreignFormat } from './foreign-format.ts';
import {
  bracketed,
  isArray,
  isObject,
  memberOf,
  membersOf,
  partsOf,
  requireModest,
  type Span,
  trim,
} from './json-spans.ts';

/** A record that is JSON. Its bytes tell what its value does not: the order of members, and the digits of numbers. */
export interface JsonRecord {
  value: unknown;
  json: string;
  body: Buffer;
  span: Span;
}

/** How an inlet reads its records. */
export interface JsonForm {
  /** An object with one of these is an entry, even if it has a member `logs`, too. */
  entryMembers: string[];
  /** @throws SyntaxError as JSON.parse does */
  parse(json: string): unknown;
  toEntryValue(record: JsonRecord): EntryValue | Refused;
}

/**
 * The records of a body. Each is parsed when it is drawn, and a damaged one affects no other.
 * @param body should be UTF-8
 * @throws HttpProblem 400 or 415 as divideBody does, 413 over ENTRIES_LIMIT records
 */
export function readRecords(body: Buffer, contentType: string, form: JsonForm): Iterable<RawRecord> {
  return readEach(body, collectWithinLimit(divideBody(body, contentType, form.entryMembers)), form);
}

function* readEach(body: Buffer, pieces: Piece[], form: JsonForm): Generator<RawRecord> {
  const isText = isUtf8(body);
  for (const piece of pieces) {
    if (!isText && !isUtf8(body.subarray(piece.start, piece.end))) yield refuseForeignText(body, piece);
    else {
      const json = body.toString('utf8', piece.start, piece.end);
      yield { text: () => json, ...read(body, piece, json, form) };
    }
  }
}

/** Two records that differ only in such bytes would become one, so they are refused. Latin-1 keeps each byte. */
function refuseForeignText(body: Buffer, { start, end }: Span): RawRecord {
  return {
    text: () => body.toString('latin1', start, end),
    ...refuse('', 'is not UTF-8: send UTF-8, or name the charset in the Content-Type'),
  };
}

function read(body: Buffer, span: Piece, json: string, form: JsonForm): EntryValue | Refused {
  if (span.fault !== undefined) return refuse('', span.fault);
  if (span.end - span.start > RECORD_LIMIT_BYTES)
    return refuse('', `must not be over ${RECORD_LIMIT_BYTES / 1024 / 1024} MiB of JSON: shorten it`);
  let value: unknown;
  try {
    requireModest(body, span);
    value = form.parse(json);
  } catch (error) {
    if (error instanceof RangeError) return refuse('', `is too large: ${error.message}`);
    return refuse('', `is not JSON: ${reasonOf(error as Error)}`);
  }
  return form.toEntryValue({ value, json, body, span });
}

/** The reason that JSON.parse gives, without the text that it quotes: the record is in the dead letter. */
function reasonOf({ message }: Error): string {
  return message.replace(/(, |^)(\.\.\.)?".*$/s, '') || 'it is plain text';
}

const FORMS = 'one JSON object, a JSON array, {"logs": [...]} or one JSON object per line (NDJSON)';

const NEWLINE = 0x0a;

/** The start of an array of objects, alone or in an envelope. It ends with the bracket of the array. */
const START_OF_ARRAY = /^(?:\{\s*"logs"\s*:\s*)?\[(?=\s*\{)/;
/** Bytes in which that start is looked for. */
const START_BYTES = 256;

/** The part of a body that is a record; or, with a fault, a part that is not. */
interface Piece extends Span {
  fault?: string;
}

/**
 * Divides a body into records by looking at it. One whole JSON value is an array, an envelope or an entry. A body that
 * begins like an array is read as one as far as possible. Any other body is lines, each of them on its own.
 * @param entryMembers an object that has one of these is an entry, even if it has a member `logs`
 * @throws HttpProblem 400 if the body is empty or OTLP, 415 if it is neither JSON nor lines of text
 */
function divideBody(body: Buffer, contentType: string, entryMembers: string[]): Iterable<Piece> {
  const all = trim(body, { start: 0, end: body.length });
  const isBracket = isArray(body, all) || isObject(body, all);
  const first = isBracket ? bracketed(body, all) : undefined;
  if (first?.end === all.end)
    return isArray(body, all) ? partsOf(body, all) : piecesOfObject(body, all, entryMembers);
  const start = START_OF_ARRAY.exec(body.toString('latin1', all.start, all.start + START_BYTES));
  if (start && !isLine(body, first))
    return piecesOfArray(body, { start: all.start + start[0].length - 1, end: all.end });

  const foreign = foreignFormat(body, contentType);
  if (foreign !== undefined) throw new HttpProblem(415, foreign);
  if (all.start === all.end) {
    const kind = body.length === 0 ? 'empty' : 'empty, because it has nothing but white space';
    throw new HttpProblem(400, `The body is ${kind}: send ${FORMS}`);
  }
  return piecesOfLines(body, all);
}

/** The elements of `{"logs": [...]}`, or the object itself if it is an entry. */
function piecesOfObject(body: Buffer, object: Span, entryMembers: string[]): Iterable<Piece> {
  const names = new Set(Array.from(membersOf(body, object), ({ name }) => name));
  if (entryMembers.some((name) => names.has(name))) return [object];
  if (names.has('resourceLogs') || names.has('resource_logs'))
    throw new HttpProblem(400, 'This is OpenTelemetry (OTLP): send it to /v1/logs');
  const logs = names.has('logs') ? memberOf(body, object, 'logs') : undefined;
  return logs && isArray(body, logs) ? partsOf(body, logs) : [object];
}

/** The elements of an array that is damaged, cut off or followed by lines, and those lines. */
function* piecesOfArray(body: Buffer, array: Span): Generator<Piece> {
  const parts = partsOf(body, array);
  let last: Span | undefined;
  let part = parts.next();
  for (; !part.done; part = parts.next()) {
    if (last) yield last;
    last = part.value;
  }
  const end = part.value;
  const isComplete = last && (end !== undefined || bracketed(body, last)?.end === last.end);
  if (last && isComplete) yield last;
  if (end === undefined) {
    const fault = 'does not end: the JSON array is cut off here, or a quote is not escaped';
    const tail = { start: array.end - 1, end: array.end };
    yield { ...(last && !isComplete ? last : tail), fault };
    return;
  }
  const remainder = trim(body, { start: end, end: array.end });
  if (body.toString('latin1', remainder.start, remainder.end) !== '}') yield* piecesOfLines(body, remainder);
}

/** Whether an array or object ends its line, and other lines follow. */
function isLine(body: Buffer, first: Span | undefined): boolean {
  const newline = first ? body.indexOf(NEWLINE, first.end) : -1;
  if (!first || newline < 0) return false;
  const remainder = trim(body, { start: first.end, end: newline });
  return remainder.start === remainder.end;
}

function* piecesOfLines(body: Buffer, { start, end }: Span): Generator<Piece> {
  for (let from = start; from < end; ) {
    const newline = body.indexOf(NEWLINE, from);
    const line = { start: from, end: newline < 0 || newline > end ? end : newline };
    const trimmed = trim(body, line);
    if (trimmed.end > trimmed.start) yield* piecesOfLine(body, trimmed);
    from = line.end + 1;
  }
}

function* piecesOfLine(body: Buffer, line: Span): Generator<Piece> {
  const first = isArray(body, line) || isObject(body, line) ? bracketed(body, line) : undefined;
  if (first && isArray(body, line) && first.end === line.end)
    yield {
      ...line,
      fault: 'is an array beside other lines: send one array, or one object per line',
    };
  else if (first && first.end < line.end) yield* piecesOfSharedLine(body, line);
  else yield line;
}

/** The parts of a line that has several: usually objects. */
function* piecesOfSharedLine(body: Buffer, line: Span): Generator<Piece> {
  const fault =
    'shares its line with something else: send one object per line (Fluent Bit: Format json_lines)';
  for (let remainder = line; remainder.start < remainder.end; ) {
    const piece = (isObject(body, remainder) && bracketed(body, remainder)) || remainder;
    yield { ...piece, fault };
    remainder = trim(body, { start: piece.end, end: remainder.end });
  }
}
