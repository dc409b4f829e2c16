import { digest } from '../../entities/timeline.ts';

/** 128 bits of SHA-256: enough that two different records never get the same id. */
const ID_CHARACTERS = 22;

/** An id for a record that has none. The same record sent again gets the same id, so it is the same entry. */
export function deriveId(record: string | Uint8Array): string {
  return digest(record, ID_CHARACTERS);
}

/**
 * An RFC 3339 date-time.
 * @param seconds whole seconds since 1970
 * @param fraction the digits of the fraction, 0 to 9
 */
export function toDatetime(seconds: number, fraction: string): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${fraction && `.${fraction}`}Z`;
}
