import type { Fault, Refusal } from '../../entities/dead-letter.ts';
import type { CheckedEntry } from '../../entities/log-entry.ts';
import { ID_LIMIT_BYTES } from '../limits.ts';
import { toEntry } from './entry-schema.ts';

/** One record of a body: its value, or why it could not be read. `text` is the record as it was sent. */
export type RawRecord = { text: () => string } & (ReadRecord | { errors: Fault[] });

export interface ReadRecord {
  value: unknown;
  /** The JSON of the value's attributes as it was sent. Default: made from the value. */
  attributes?: () => string | undefined;
}

/** What became of the records of one request. */
export interface Verdicts {
  accepted: number;
  refusals: Refusal[];
  /** The latest instant among the accepted entries; empty if there are none. */
  newestInstant: string;
}

/** The entries among the records. They are checked as they are drawn, and `verdicts` counts both outcomes. */
export function* checkRecords(records: Iterable<RawRecord>, verdicts: Verdicts): Generator<CheckedEntry> {
  let index = -1;
  for (const record of records) {
    index++;
    const result = 'errors' in record ? record : toEntry(record.value, record.attributes);
    if ('errors' in result) {
      verdicts.refusals.push({ index, id: idOf(record), errors: result.errors, raw: record.text() });
      continue;
    }
    verdicts.accepted++;
    const { instant } = result.entry;
    if (instant > verdicts.newestInstant) verdicts.newestInstant = instant;
    yield result.entry;
  }
}

/** The id of a refused record, so that its sender can find it. */
function idOf(record: RawRecord): string | undefined {
  if (!('value' in record) || typeof record.value !== 'object' || record.value === null) return undefined;
  const { id } = record.value as { id?: unknown };
  return typeof id === 'string' ? id.slice(0, ID_LIMIT_BYTES) : undefined;
}
