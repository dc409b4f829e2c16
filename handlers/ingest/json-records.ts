import { isUtf8 } from 'node:buffer';
import { HttpProblem } from '../http/http-problem.ts';
import { ENTRIES_LIMIT, RECORD_LIMIT_BYTES } from '../limits.ts';
import { type EntryValue, type RawRecord, type Refused, refuse } from './check-and-store.ts';
import type { Piece } from './divide-body.ts';
import { requireModest, type Span } from './json-spans.ts';

/** A record that is JSON. Its bytes tell what its value does not: the order of members, and the digits of numbers. */
export interface JsonRecord {
  value: unknown;
  json: string;
  body: Buffer;
  span: Span;
}

/** How an inlet reads its records. */
export interface JsonForm {
  /** @throws SyntaxError as JSON.parse does */
  parse(json: string): unknown;
  toEntryValue(record: JsonRecord): EntryValue | Refused;
}

/**
 * The records in the pieces of a body. Each is parsed when it is drawn, and a damaged one affects no other.
 * @param body in which each piece should be UTF-8
 * @throws HttpProblem 413 over ENTRIES_LIMIT records
 */
export function readRecords(body: Buffer, pieces: Iterable<Piece>, form: JsonForm): Iterable<RawRecord> {
  return readEach(body, collectWithinLimit(pieces), form);
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

/** 413: the body has more than ENTRIES_LIMIT records. */
export function tooManyEntries(): HttpProblem {
  const limit = ENTRIES_LIMIT.toLocaleString('en');
  return new HttpProblem(413, `The body has more than ${limit} entries: make the shipper's batches smaller`);
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
