import { isUtf8 } from 'node:buffer';
import type { Fault } from '../../entities/dead-letter.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { ENTRIES_LIMIT, RECORD_LIMIT_BYTES } from '../limits.ts';
import type { RawRecord } from './check-records.ts';
import { divideBody, type Piece } from './divide-body.ts';
import { memberOf } from './json-spans.ts';

/**
 * The records of a body in any of the supported formats. Each record is parsed as it is drawn, and a broken record
 * affects no other.
 * @throws HttpProblem 400 or 415 if the body cannot be divided into records, 413 over ENTRIES_LIMIT records
 */
export function splitRecords(body: Buffer, contentType: string): Iterable<RawRecord> {
  return parseEach(body, collectWithinLimit(divideBody(body, contentType)));
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

function* parseEach(body: Buffer, pieces: Piece[]): Generator<RawRecord> {
  const isText = isUtf8(body);
  for (const piece of pieces) {
    const bytes = () => body.subarray(piece.start, piece.end);
    if (!isText && !isUtf8(bytes())) yield refuseForeignText(bytes());
    else {
      const text = () => body.toString('utf8', piece.start, piece.end);
      yield { text, ...parse(body, piece, text) };
    }
  }
}

/** Two records that differ only in such bytes would become one, so they are refused. Latin-1 keeps each byte apart. */
function refuseForeignText(bytes: Buffer): RawRecord {
  const errors = [{ path: '', message: 'is not UTF-8: send UTF-8, or name the charset in the Content-Type' }];
  return { text: () => bytes.toString('latin1'), errors };
}

function parse(body: Buffer, piece: Piece, text: () => string): Parsed {
  if (piece.fault !== undefined) return refuse(piece.fault);
  if (piece.end - piece.start > RECORD_LIMIT_BYTES)
    return refuse(`must not be over ${RECORD_LIMIT_BYTES / 1024 / 1024} MiB of JSON: shorten it`);
  try {
    return { value: JSON.parse(text()), attributes: () => textOf(body, memberOf(body, piece, 'attributes')) };
  } catch (error) {
    return refuse(`is not JSON: ${reasonOf(error as SyntaxError)}`);
  }
}

type Parsed = { value: unknown; attributes: () => string | undefined } | { errors: Fault[] };

function textOf(body: Buffer, span: { start: number; end: number } | undefined): string | undefined {
  return span && body.toString('utf8', span.start, span.end);
}

function refuse(message: string): { errors: Fault[] } {
  return { errors: [{ path: '', message }] };
}

/** The reason that JSON.parse gives, without the text that it quotes: the record is in the dead letter. */
export function reasonOf({ message }: Error): string {
  return message.replace(/(, |^)(\.\.\.)?".*$/s, '') || 'it is plain text';
}
