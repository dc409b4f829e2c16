import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Severity } from './entry.ts';
import { epochMillisecondsOf, parseInstant } from './instant.ts';
import type { CheckedEntry } from './log-entry.ts';

/**
 * The form that is written. Form 2 has the number of UUIDs in two bytes, the UUIDs in 16 bytes each, and the columns
 * below as JSON, by raw DEFLATE (RFC 1951). Form 1, which is still read, has nothing but columns, also of severities.
 */
export const FORM = 2;

/** Bytes of JSON in a block. A block that unpacks to more was not written by this service. */
export const JSON_LIMIT_BYTES = 65_536;

/** Level 9 saves one byte in a hundred and takes twice the time. */
const LEVEL = 6;

const COUNT_BYTES = 2;
const UUID_BYTES = 16;

/** In lower case, as nearly all are written. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An entry in a block. */
export interface PackedEntry {
  entry: CheckedEntry;
  /** Its instant since 1970, rounded down. */
  milliseconds: number;
  /** See toCells. */
  cells: string[];
}

/** The JSON of the cells of an entry. Attributes stay text, and null means none. A UUID as id is null too. */
export function toCells({ id, message, attributes }: CheckedEntry): string[] {
  return [UUID.test(id) ? null : id, message, attributes ?? null].map((cell) => JSON.stringify(cell));
}

/** How many bytes of JSON an entry takes in a block at most, with the quotes and separators. */
export function bytesOf({ datetime }: CheckedEntry, cells: string[]): number {
  return cells.reduce((bytes, cell) => bytes + Buffer.byteLength(cell) + 1, datetime.length + 3);
}

/** Packs entries, newest first. They may take JSON_LIMIT_BYTES, less the brackets around columns. */
export function pack(newestFirst: PackedEntry[]): Buffer {
  const columns = [0, 1, 2].map((at) => `[${newestFirst.map(({ cells }) => cells[at]).join(',')}]`);
  const json = `[[${timeCells(newestFirst).join(',')}],${columns.join(',')}]`;
  const ids = newestFirst.flatMap(({ entry: { id }, cells }) => (cells[0] === 'null' ? [id] : []));
  const count = Buffer.alloc(COUNT_BYTES);
  count.writeUInt16BE(ids.length);
  const uuids = Buffer.from(ids.join('').replaceAll('-', ''), 'hex');
  return Buffer.concat([count, uuids, deflateRawSync(json, { level: LEVEL })]);
}

/** Datetimes. One in UTC with milliseconds that is older than another of these is the milliseconds between them. */
function timeCells(newestFirst: PackedEntry[]): (string | number)[] {
  let newer: number | undefined;
  return newestFirst.map(({ entry: { datetime, instant }, milliseconds }) => {
    if (!isInMilliseconds(datetime, instant)) return JSON.stringify(datetime);
    const cell = newer === undefined ? JSON.stringify(datetime) : newer - milliseconds;
    newer = milliseconds;
    return cell;
  });
}

function isInMilliseconds(datetime: string, instant: string): boolean {
  return datetime.endsWith('Z') && instant === `${datetime.slice(0, -1)}000000Z`;
}

/**
 * Unpacks entries of a form up to FORM. A damaged block makes it throw, and never takes more memory than an intact one.
 * @param severity of the entries. Form 1 names it itself
 */
export function unpack(packed: Uint8Array, form: number, severity: Severity): CheckedEntry[] {
  if (form === 1) return unpackForm1(packed);
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const uuidsEnd = COUNT_BYTES + bytes.readUInt16BE() * UUID_BYTES;
  const uuids = bytes.toString('hex', COUNT_BYTES, uuidsEnd);
  const [times = [], ids = [], messages = [], attributes = []] = inflate(bytes.subarray(uuidsEnd));
  let newer = 0;
  let uuid = 0;
  return times.map((time, at) => {
    const datetime = typeof time === 'number' ? datetimeOf(newer - time) : (time as string);
    const instant = parseInstant(datetime);
    if (isInMilliseconds(datetime, instant)) newer = epochMillisecondsOf(instant);
    const id = (ids[at] ?? uuidIn(uuids, uuid++)) as string;
    return toEntry({ id, datetime, severity, message: messages[at], attributes: attributes[at], instant });
  });
}

function datetimeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function uuidIn(hex: string, index: number): string {
  const digits = hex.slice(2 * UUID_BYTES * index, 2 * UUID_BYTES * (index + 1));
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function unpackForm1(packed: Uint8Array): CheckedEntry[] {
  const [datetimes = [], severities = [], ids = [], messages = [], attributes = []] = inflate(packed);
  return (datetimes as string[]).map((datetime, at) =>
    toEntry({
      id: ids[at],
      datetime,
      severity: severities[at],
      message: messages[at],
      attributes: attributes[at],
      instant: parseInstant(datetime),
    }),
  );
}

/** The columns of a block. */
function inflate(deflated: Uint8Array): unknown[][] {
  return JSON.parse(inflateRawSync(deflated, { maxOutputLength: JSON_LIMIT_BYTES }).toString());
}

/** An entry of cells. That they are what was packed, the key of the block says. */
function toEntry({ attributes, ...fields }: Record<keyof CheckedEntry, unknown>): CheckedEntry {
  return { ...fields, ...(attributes ? { attributes } : {}) } as CheckedEntry;
}
