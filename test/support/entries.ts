import type { LogEntry } from '../../entities/entry.ts';
import { parseInstant } from '../../entities/instant.ts';
import type { CheckedEntry, StoredEntry } from '../../entities/log-entry.ts';

let made = 0;

/** An entry with an id of its own, dated in the last minute. */
export function entry(overrides: Partial<LogEntry> = {}): LogEntry {
  made++;
  return {
    id: `entry-${made}`,
    datetime: new Date(Date.now() - 60_000 + made).toISOString(),
    severity: 'info',
    message: `Message ${made}`,
    ...overrides,
  };
}

/** The entry after it was checked. */
export function checked({ attributes, ...fields }: LogEntry): CheckedEntry {
  const entry = { ...fields, instant: parseInstant(fields.datetime) };
  return attributes === undefined ? entry : { ...entry, attributes: JSON.stringify(attributes) };
}

/** The entry as it was sent. */
export function sent({ attributes, ...fields }: StoredEntry): LogEntry {
  return attributes === undefined ? fields : { ...fields, attributes: JSON.parse(attributes) };
}
