import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Severity } from './entry.ts';
import { parseInstant } from './instant.ts';
import type { CheckedEntry } from './log-entry.ts';

/** The only form so far: the columns below as JSON, by raw DEFLATE (RFC 1951). */
export const FORM = 1;

/** Bytes of JSON in a block. A block that unpacks to more was not written by this service. */
export const JSON_LIMIT_BYTES = 65_536;

/** Level 9 saves one byte in a hundred and takes twice the time. */
const LEVEL = 6;

/** The JSON of the cells of an entry, one a column. Attributes stay text, and null means none. */
export function toCells({ datetime, severity, id, message, attributes }: CheckedEntry): string[] {
  return [datetime, severity, id, message, attributes ?? null].map((cell) => JSON.stringify(cell));
}

/** How many bytes of JSON cells take in a block, with the separators. */
export function bytesOf(cells: string[]): number {
  return cells.reduce((bytes, cell) => bytes + Buffer.byteLength(cell) + 1, 0);
}

/** Packs the cells of entries. They may take JSON_LIMIT_BYTES, less the brackets around columns. */
export function pack(entries: string[][]): Buffer {
  const columns = (entries[0] ?? []).map((_, at) => `[${entries.map((cells) => cells[at]).join(',')}]`);
  return deflateRawSync(`[${columns.join(',')}]`, { level: LEVEL });
}

/** Unpacks entries of form FORM. A damaged block makes it throw, and never takes more memory than an intact one. */
export function unpack(packed: Uint8Array): CheckedEntry[] {
  const json = inflateRawSync(packed, { maxOutputLength: JSON_LIMIT_BYTES }).toString();
  const [datetimes = [], severities = [], ids = [], messages = [], attributes = []] = JSON.parse(
    json,
  ) as string[][];
  return datetimes.map((datetime, at) => ({
    id: ids[at] as string,
    datetime,
    severity: severities[at] as Severity,
    message: messages[at] as string,
    ...(attributes[at] && { attributes: attributes[at] }),
    instant: parseInstant(datetime),
  }));
}
