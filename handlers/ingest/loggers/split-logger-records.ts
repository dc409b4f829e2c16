import { hash } from 'node:crypto';
import type { RawRecord } from '../check-records.ts';
import { splitRecords } from '../split-records.ts';
import { ENTRY_MEMBERS, toEntryValue } from './to-entry-value.ts';

/** 128 bits of SHA-256: enough that two different records never get the same id. */
const ID_CHARACTERS = 22;

/**
 * The records of a body of JSON as loggers write it, as records of entries. An object is an envelope of `logs` only
 * if it has nothing that an entry needs.
 * @throws HttpProblem as splitRecords does
 */
export function splitLoggerRecords(body: Buffer, contentType: string): Iterable<RawRecord> {
  return toEntryRecords(splitRecords(body, contentType, ENTRY_MEMBERS));
}

function* toEntryRecords(records: Iterable<RawRecord>): Generator<RawRecord> {
  const occurrences = new Map<string, number>();
  for (const record of records) {
    if ('errors' in record) yield record;
    else yield { text: record.text, ...toEntryValue(record.value, record.text(), () => idOf(record.text())) };
  }

  /** A digest of the record, and of how often it has occurred, so that a true repeat within a body is kept. */
  function idOf(text: string): string {
    const digest = hash('sha256', text, 'base64url').slice(0, ID_CHARACTERS);
    const count = (occurrences.get(digest) ?? 0) + 1;
    occurrences.set(digest, count);
    return count === 1 ? digest : `${digest}-${count}`;
  }
}
