import { HttpProblem } from '../http/http-problem.ts';
import { foreignFormat } from './foreign-format.ts';
import { bracketed, isArray, isObject, memberOf, partsOf, type Span, trim } from './json-spans.ts';

const FORMS = 'one JSON object, a JSON array, {"logs": [...]} or one JSON object per line (NDJSON)';

const NEWLINE = 0x0a;

/** The start of an array of objects, alone or in an envelope. The array begins at its last character but blanks. */
const START_OF_ARRAY = /^(?:\{\s*"logs"\s*:\s*)?\[(?=\s*\{)/;
const START_BYTES = 256;

/** The part of a body that is a record; or that is none, and why. */
export interface Piece extends Span {
  fault?: string;
}

/**
 * Divides a body into records by looking at it. What is one whole JSON value is an array, an envelope or an entry;
 * what begins like an array is one as far as it goes; everything else is lines, and each stands or falls alone.
 * @throws HttpProblem 400 if there is nothing in it or it is OTLP, 415 if it is neither JSON nor lines of text
 */
export function divideBody(body: Buffer, contentType: string): Iterable<Piece> {
  const all = trim(body, { start: 0, end: body.length });
  const isBracket = isArray(body, all) || isObject(body, all);
  const first = isBracket ? bracketed(body, all) : undefined;
  if (first?.end === all.end) return isArray(body, all) ? partsOf(body, all) : piecesOfObject(body, all);
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

/** The array in `{"logs": [...]}`. An object with an `id` is an entry, even if it has a field `logs`. */
function piecesOfObject(body: Buffer, object: Span): Iterable<Piece> {
  if (memberOf(body, object, 'id')) return [object];
  if (memberOf(body, object, 'resourceLogs') || memberOf(body, object, 'resource_logs'))
    throw new HttpProblem(400, 'This is OpenTelemetry (OTLP): send it to /v1/logs');
  const logs = memberOf(body, object, 'logs');
  return logs && isArray(body, logs) ? partsOf(body, logs) : [object];
}

/** The elements of an array that is damaged, cut off or followed by something, and the lines that follow it. */
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
  const rest = trim(body, { start: end, end: array.end });
  if (body.toString('latin1', rest.start, rest.end) !== '}') yield* piecesOfLines(body, rest);
}

/** Whether an array or object has nothing behind it on its line, which is not the last. */
function isLine(body: Buffer, first: Span | undefined): boolean {
  const newline = first ? body.indexOf(NEWLINE, first.end) : -1;
  if (!first || newline < 0) return false;
  const rest = trim(body, { start: first.end, end: newline });
  return rest.start === rest.end;
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
      fault:
        'is an array, and another line follows the JSON array or stands before it: send one array, or one object per line',
    };
  else if (first && first.end < line.end) yield* piecesOfSharedLine(body, line);
  else yield line;
}

/** What stands on a line together: objects, as a rule. */
function* piecesOfSharedLine(body: Buffer, line: Span): Generator<Piece> {
  const fault =
    'shares its line with something else: send one object per line (Fluent Bit: Format json_lines)';
  for (let rest = line; rest.start < rest.end; ) {
    const piece = (isObject(body, rest) && bracketed(body, rest)) || rest;
    yield { ...piece, fault };
    rest = trim(body, { start: piece.end, end: rest.end });
  }
}
