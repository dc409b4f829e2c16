import { isUtf8 } from 'node:buffer';
import { HttpProblem } from '../http/http-problem.ts';
import { EXPANDED_LIMIT_BYTES, RECORD_LIMIT_BYTES } from '../limits.ts';
import {
  collectWithinLimit,
  type EntryValue,
  type RawRecord,
  type Refused,
  refuse,
} from './check-and-store.ts';
import {
  type Envelope,
  type EnvelopeRules,
  envelopeFault,
  type Piece,
  piecesOfArray,
  piecesOfObject,
  withEnvelope,
} from './envelopes.ts';
import { foreignFormat } from './foreign-format.ts';
import { passagesOf } from './json-passages.ts';
import { bracketed, partsOf } from './json-spans.ts';
import {
  CLOSE_OBJECT,
  isArray,
  isObject,
  type Part,
  requireModest,
  type Span,
  scanValue,
  trim,
} from './json-value.ts';

/** A record that is JSON. Its text tells what its value does not: the order of members, and the digits of numbers. */
export interface JsonRecord {
  value: unknown;
  json: string;
  /** What is around the record. Absent for a plain `{"logs": [...]}`. */
  envelope?: Envelope;
}

/** How an inlet reads its records. */
export interface JsonForm extends EnvelopeRules {
  /** @throws SyntaxError as JSON.parse does */
  parse(json: string): unknown;
  toEntryValue(record: JsonRecord): EntryValue | Refused;
}

/**
 * The records of a body. Each is parsed when it is drawn, and a damaged one affects no other.
 * @param body should be UTF-8
 * @throws HttpProblem 400 or 415 as divideBody does, 413 over ENTRIES_LIMIT records or EXPANDED_LIMIT_BYTES
 */
export function readRecords(body: Buffer, contentType: string, form: JsonForm): Iterable<RawRecord> {
  const pieces = collectWithinLimit(divideBody(body, contentType, form));
  requireModestExpansion(pieces);
  return readEach(body, pieces, form);
}

/** @throws HttpProblem 413 if the records would be over EXPANDED_LIMIT_BYTES with the members of their envelopes */
function requireModestExpansion(pieces: Piece[]): void {
  let bytes = 0;
  for (const { start, end, envelope } of pieces) if (envelope) bytes += end - start + envelope.members.length;
  if (bytes > EXPANDED_LIMIT_BYTES)
    throw new HttpProblem(
      413,
      `The records are over ${EXPANDED_LIMIT_BYTES / 1024 / 1024} MiB, each with its envelope: make the batches smaller`,
    );
}

function* readEach(body: Buffer, pieces: Piece[], form: JsonForm): Generator<RawRecord> {
  const isText = isUtf8(body);
  for (const piece of pieces) {
    if (!isText && !isUtf8(body.subarray(piece.start, piece.end))) yield refuseForeignText(body, piece);
    else {
      const json = body.toString('utf8', piece.start, piece.end);
      yield { text: () => withEnvelope(json, piece), ...read(body, piece, json, form) };
    }
  }
}

/** Two records that differ only in such bytes would become one, so they are refused. Latin-1 keeps each byte. */
function refuseForeignText(body: Buffer, piece: Piece): RawRecord {
  return {
    text: () => withEnvelope(body.toString('latin1', piece.start, piece.end), piece),
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
  const result = form.toEntryValue({ value, json, envelope: span.envelope });
  return 'errors' in result ? explain(result, value, span, form) : result;
}

/** Errors that name the envelope that the record is, or is in. */
function explain(refused: Refused, value: unknown, { envelope }: Piece, form: JsonForm): Refused {
  const fault = envelopeFault(value, form);
  if (fault !== undefined) return refuse('', fault);
  if (!envelope) return refused;
  const place = `is in \`${envelope.name}\` of an envelope, and`;
  return {
    errors: refused.errors.map(({ path, message }) => ({ path, message: `${place} ${message}` })),
  };
}

/** The reason that JSON.parse gives, without the text that it quotes: the record is in the dead letter. */
function reasonOf({ message }: Error): string {
  return message.replace(/(, |^)(\.\.\.)?".*$/s, '') || 'it is plain text';
}

const FORMS = 'one JSON object, a JSON array, {"logs": [...]} or one JSON object per line (NDJSON)';

/** The start of an array of objects, alone or in an envelope. It ends with the bracket of the array. */
const START_OF_ARRAY = /^(?:\{\s*"logs"\s*:\s*)?\[(?=\s*\{)/;
/** An array of this name is read whatever is in it. */
const NAME_OF_LOGS = '"logs"';
/** Bytes in which that start is looked for. */
const START_BYTES = 256;

/**
 * Divides a body into records by looking at it. It is any sequence of arrays, envelopes and entries, whatever blanks
 * are between them. A damaged array at the start is read as far as possible. Text beside them is refused line by line.
 * @throws HttpProblem 400 if the body is empty, 415 if it is neither JSON nor lines of text
 */
function divideBody(body: Buffer, contentType: string, form: JsonForm): Iterable<Piece> {
  const all = trim(body, { start: 0, end: body.length });
  const start = START_OF_ARRAY.exec(body.toString('latin1', all.start, all.start + START_BYTES))?.[0] ?? '';
  const array = { start: all.start + start.length - 1, end: all.end };
  if (start === '[') return piecesOfStart(body, array, form);

  if (!isArray(body, all) && !isObject(body, all)) {
    requireText(body, contentType, all);
    return piecesOfSequence(body, all, form);
  }
  const scan = scanValue(body, all);
  const isDamaged = 'open' in scan;
  const end = isDamaged ? bracketed(body, all)?.end : scan.end;
  if (end === all.end) {
    if (isArray(body, all)) return piecesOfArray(body, partsOf(body, all), form);
    return isDamaged || scan.hasList || body.includes(NAME_OF_LOGS) ? piecesOfObject(body, all, form) : [all];
  }
  return isDamaged && start !== '' ? piecesOfStart(body, array, form) : piecesOfSequence(body, all, form);
}

/** @throws HttpProblem 400 or 415 if a body that does not begin with a bracket is not lines of text */
function requireText(body: Buffer, contentType: string, { start, end }: Span): void {
  const foreign = foreignFormat(body, contentType);
  if (foreign !== undefined) throw new HttpProblem(415, foreign);
  if (start < end) return;
  const kind = body.length === 0 ? 'empty' : 'empty, because it has nothing but white space';
  throw new HttpProblem(400, `The body is ${kind}: send ${FORMS}`);
}

function* piecesOfSequence(body: Buffer, span: Span, form: JsonForm): Generator<Piece> {
  for (const { start, end, hasList, isValue } of passagesOf(body, span)) {
    const passage = { start, end };
    if (isValue && isArray(body, passage)) yield* piecesOfArray(body, partsOf(body, passage), form);
    else if (hasList) yield* piecesOfObject(body, passage, form);
    else yield passage;
  }
}

/** The elements of an array at the start of a body, which may be damaged or cut off, and what follows it. */
function* piecesOfStart(body: Buffer, array: Span, form: JsonForm): Generator<Piece> {
  const parts = partsOf(body, array);
  let last: Part | undefined;
  let part = parts.next();
  for (; !part.done; part = parts.next()) {
    if (last) yield* piecesOfArray(body, [last], form);
    last = part.value;
  }
  const end = part.value;
  const isComplete = last && (end !== undefined || bracketed(body, last)?.end === last.end);
  if (last && isComplete) yield* piecesOfArray(body, [last], form);
  if (end === undefined) {
    const fault = 'does not end: the JSON array is cut off here, or a quote is not escaped';
    const tail = { start: array.end - 1, end: array.end };
    yield { ...(last && !isComplete ? last : tail), fault };
    return;
  }
  // The envelope ends after its array.
  const after = trim(body, { start: end, end: array.end });
  if (body[after.start] === CLOSE_OBJECT) after.start++;
  yield* piecesOfSequence(body, trim(body, after), form);
}
