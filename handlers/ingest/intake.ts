import type { Refusal } from '../../entities/dead-letter.ts';
import { epochMillisecondsOf } from '../../entities/instant.ts';
import type { CheckedEntry } from '../../entities/log-entry.ts';
import { ID_LIMIT_BYTES } from '../limits.ts';
import { toEntry } from './entry-schema.ts';
import type { RawRecord } from './split-records.ts';

/** Turns the records of one request into entries as they are drawn, and keeps account of both outcomes. */
export class Intake {
  accepted = 0;
  readonly refusals: Refusal[] = [];
  private newestInstant = '';

  *entriesOf(records: Iterable<RawRecord>): Generator<CheckedEntry> {
    let index = -1;
    for (const record of records) {
      index++;
      const result = 'errors' in record ? record : toEntry(record.value);
      if ('errors' in result) {
        this.refusals.push({ index, id: idOf(record), errors: result.errors, raw: record.text() });
        continue;
      }
      this.accepted++;
      const { instant } = result.entry;
      if (instant > this.newestInstant) this.newestInstant = instant;
      yield result.entry;
    }
  }

  /** How far the newest accepted entry lies behind the clock, in milliseconds; an entry ahead of it counts 0. */
  get lag(): number {
    return Math.max(0, Date.now() - epochMillisecondsOf(this.newestInstant));
  }
}

function idOf(record: RawRecord): string | undefined {
  if (!('value' in record) || typeof record.value !== 'object' || record.value === null) return undefined;
  const { id } = record.value as { id?: unknown };
  return typeof id === 'string' ? id.slice(0, ID_LIMIT_BYTES) : undefined;
}
