import type { Fault } from '../entities/dead-letter.ts';
import { epochMillisecondsOf, parseInstant } from '../entities/instant.ts';
import type { LogEntry } from '../entities/log-entry.ts';
import { toEntry } from './entry-schema.ts';
import { ID_LIMIT_BYTES } from './limits.ts';
import type { RawRecord } from './split-records.ts';

/** A record that was refused: where it stood in the request, and why. */
export interface Refusal {
  index: number;
  id?: string;
  errors: Fault[];
  raw: string;
}

/** Turns the records of one request into entries as they are drawn, and keeps account of both outcomes. */
export class Intake {
  accepted = 0;
  readonly refusals: Refusal[] = [];
  private newestInstant = '';

  *entriesOf(records: Iterable<RawRecord>): Generator<LogEntry> {
    let index = -1;
    for (const record of records) {
      index++;
      const result =
        record.syntaxError === undefined ? toEntry(record.value) : toSyntaxFault(record.syntaxError);
      if ('errors' in result) {
        this.refusals.push({ index, id: idOf(record.value), errors: result.errors, raw: record.text() });
        continue;
      }
      this.accepted++;
      const instant = parseInstant(result.entry.datetime);
      if (instant > this.newestInstant) this.newestInstant = instant;
      yield result.entry;
    }
  }

  /** How far the newest accepted entry lies behind the clock, in milliseconds; an entry ahead of it counts 0. */
  get lag(): number {
    return Math.max(0, Date.now() - epochMillisecondsOf(this.newestInstant));
  }
}

function toSyntaxFault(syntaxError: string): { errors: Fault[] } {
  return { errors: [{ path: '', message: `is not JSON, send one object a line: ${syntaxError}` }] };
}

function idOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return typeof value.id === 'string' ? value.id.slice(0, ID_LIMIT_BYTES) : undefined;
}
