import { isUtf8 } from 'node:buffer';
import { HttpProblem } from '../http/http-problem.ts';
import { bracketed, isArray, isObject, memberOf, membersOf, partsOf, type Span, trim } from './json-spans.ts';

const FORMS = 'one JSON object, a JSON array, {"logs": [...]} or one JSON object per line (NDJSON)';

const NEWLINE = 0x0a;

/** The start of an array of objects, alone or in an envelope. It ends with the bracket of the array. */
const START_OF_ARRAY = /^(?:\{\s*"logs"\s*:\s*)?\[(?=\s*\{)/;
/** Bytes in which that start is looked for. */
const START_BYTES = 256;

/** The part of a body that is a record; or, with a fault, a part that is not. */
export interface Piece extends Span {
  fault?: string;
}

/**
 * Divides a body into records by looking at it. One whole JSON value is an array, an envelope or an entry. A body that
 * begins like an array is read as one as far as possible. Any other body is lines, each of them on its own.
 * @param entryMembers an object that has one of these is an entry, even if it has a member `logs`
 * @throws HttpProblem 400 if the body is empty or OTLP, 415 if it is neither JSON nor lines of text
 */
export function divideBody(body: Buffer, contentType: string, entryMembers: string[]): Iterable<Piece> {
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

/** Bytes at the start of a body that are searched for control characters. */
const SEARCHED_BYTES = 4_096;

/** Control characters that no log line has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BINARY = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/;

/** `name=value&name=value`, without white space. */
const FORM = /^[^\s=&]+=\S*$/;

/** The first byte of a map or an array in MessagePack. No character begins with such a byte in UTF-8. */
const isMessagePackStart = (byte = 0) => (byte >= 0x80 && byte <= 0x9f) || (byte >= 0xdc && byte <= 0xdf);

/**
 * Says what a body is that is neither JSON nor lines of text, and what to send instead; undefined if it is lines. Its
 * bytes decide, because curl and others send the Content-Type of a form with any body.
 */
function foreignFormat(body: Buffer, contentType: string): string | undefined {
  const type = contentType.toLowerCase();
  if (type.includes('multipart/') && body.subarray(0, 2).equals(Buffer.from('--')))
    return 'A form is not supported: send JSON';
  if (body[0] === 0x1f && body[1] === 0x8b) return 'The body is gzip within gzip: compress it once';

  const isText = isUtf8(body) && !BINARY.test(body.toString('latin1', 0, SEARCHED_BYTES));
  if (!isText) {
    if (type.includes('msgpack') || (!isUtf8(body) && isMessagePackStart(body[0])))
      return 'MessagePack is not supported: set the output format to JSON';
    if (type.includes('protobuf'))
      return 'Protobuf is not supported here: send OTLP to /v1/logs, anything else as JSON';
    return undefined;
  }
  const isForm = type.includes('form-urlencoded') && FORM.test(body.toString('latin1').trim());
  return isForm ? 'A form is not supported: send JSON' : undefined;
}
