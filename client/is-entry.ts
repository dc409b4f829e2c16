import { type CountBucket, type LogEntry, SEVERITIES } from '../entities/entry.ts';
import { parseInstant } from '../entities/instant.ts';

// What is read from a service is checked before it is used: it may be another service, or one that was taken over.

/** The service stores at most 32 levels of attributes. Far deeper values end JSON.stringify. */
const MOST_LEVELS = 100;

export function isEntry(value: unknown): value is LogEntry {
  const { datetime, severity, attributes = {} } = Object(value) as Partial<LogEntry>;
  return (
    hasTexts(value, ['id', 'message']) &&
    isDatetime(datetime) &&
    SEVERITIES.some((known) => known === severity) &&
    isObject(attributes) &&
    isShallow(value, MOST_LEVELS)
  );
}

export function isCountBucket(value: unknown): value is CountBucket {
  const bucket = Object(value) as Partial<CountBucket>;
  return isDatetime(bucket.start) && SEVERITIES.every((name) => isCount(bucket[name]));
}

/** Whether a value is an object, and neither null nor an array. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is an RFC 3339 date-time with a zone. */
export function isDatetime(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    parseInstant(value);
    return true;
  } catch {
    return false;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Whether a value has a text by each of these names. */
export function hasTexts(value: unknown, names: string[]): boolean {
  return names.every((name) => typeof Object(value)[name] === 'string');
}

/** Whether a value has at most so many levels of objects and lists. */
export function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => isShallow(child, levels - 1));
}
