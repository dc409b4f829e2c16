import { hash } from 'node:crypto';
import type { Severity } from '../../../entities/entry.ts';
import { toDatetime } from '../../../entities/instant.ts';
import { RECORD_LIMIT_BYTES } from '../../limits.ts';
import { type EntryValue, type RawRecord, type Refused, refuse } from '../check-and-store.ts';
import { deriveId, isId } from '../entry-schema.ts';
import { severityOfNumber } from '../severity-of-number.ts';
import { severityOfText } from '../severity-of-text.ts';
import type {
  AnyValue,
  KeyValues,
  LogRecord,
  OtlpEncoding,
  RecordSource,
  RecordSources,
} from './otlp-encoding.ts';

/** The resource and the scope of some records, still encoded. What is made of them once is kept for all records. */
export interface EncodedSources {
  resource: Buffer;
  scope: Buffer;
  digest?: Buffer;
  decoded?: RecordSources | { error: unknown };
}

/** The entry in an encoded log record, still to be checked like any other; or why there is none. */
export function readRecord(encoding: OtlpEncoding, record: Buffer, sources: EncodedSources): RawRecord {
  return { text: () => encoding.textOf(record), ...decode(encoding, record, sources) };
}

function decode(encoding: OtlpEncoding, record: Buffer, sources: EncodedSources): EntryValue | Refused {
  if (record.length > RECORD_LIMIT_BYTES)
    return refuse('', `must not be over ${RECORD_LIMIT_BYTES / 1024 / 1024} MiB`);
  try {
    const decoded = decodeSources(encoding, sources);
    return toEntryValue(encoding.decodeRecord(record), decoded, () => idOf(record, sources));
  } catch (error) {
    return refuse('', `is not a log record: ${(error as Error).message}`);
  }
}

/** The resource and the scope, decoded once for all of their records. @throws Error if one of them cannot be read */
function decodeSources(encoding: OtlpEncoding, sources: EncodedSources): RecordSources {
  if (!sources.decoded)
    try {
      sources.decoded = {
        resource: decodeSource(encoding, sources.resource, 'resource'),
        scope: decodeSource(encoding, sources.scope, 'scope'),
      };
    } catch (error) {
      sources.decoded = { error };
    }
  if ('error' in sources.decoded) throw sources.decoded.error;
  return sources.decoded;
}

function decodeSource(encoding: OtlpEncoding, message: Buffer, kind: keyof RecordSources): RecordSource {
  if (message.length === 0) return { name: '', version: '', attributes: { pairs: [] } };
  return encoding.decodeSource(message, kind);
}

/** From the record with its resource and scope: the same record sent again is the same entry. */
function idOf(record: Buffer, sources: EncodedSources): string {
  sources.digest ??= Buffer.concat(
    [sources.resource, sources.scope].map((bytes) => hash('sha256', bytes, 'buffer')),
  );
  return deriveId(Buffer.concat([sources.digest, record]));
}

/** From OpenTelemetry's semantic conventions: a unique identifier of the log record. */
const UID_ATTRIBUTE = 'log.record.uid';

/** FATAL4. */
const HIGHEST_SEVERITY_NUMBER = 24;

const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const END_OF_FIXED64 = 2n ** 64n;

/**
 * The entry in a log record, still to be checked like any other; or why there is none.
 * @param sources the resource and the scope of the record
 * @param idOf makes the id of a record that has none
 */
export function toEntryValue(
  record: LogRecord,
  sources: RecordSources,
  idOf: () => string,
): EntryValue | Refused {
  const time = record.timeUnixNano || record.observedTimeUnixNano;
  // With its time of arrival instead, a record that is sent again would be another entry.
  if (time === 0n)
    return refuse('timeUnixNano', 'is 0, and so is observedTimeUnixNano: let the sender set one of them');
  if (time < 0n || time >= END_OF_FIXED64)
    return refuse('timeUnixNano', 'must be nanoseconds since 1970 in 64 bits');
  const attributes = attributesOf(record, sources);
  const json = toJson(attributes);
  return {
    value: {
      id: uidOf(record) ?? idOf(),
      datetime: datetimeOf(time),
      severity: severityOf(record),
      message: messageOf(record),
      ...(attributes.pairs.length > 0 && { attributes: JSON.parse(json) }),
    },
    attributes: () => json,
  };
}

function uidOf({ attributes }: LogRecord): string | undefined {
  const uids = attributes.pairs.flatMap(([name, value]) => (name === UID_ATTRIBUTE ? [value] : []));
  return uids.find((uid) => typeof uid === 'string' && isId(uid)) as string | undefined;
}

function datetimeOf(nanoseconds: bigint): string {
  const fraction = String(nanoseconds % NANOSECONDS_PER_SECOND).padStart(9, '0');
  return toDatetime(Number(nanoseconds / NANOSECONDS_PER_SECOND), fraction);
}

/** If the number is unspecified or unknown, the text decides, which may be a number of syslog or of another scale. */
function severityOf({ severityNumber, severityText }: LogRecord): Severity {
  if (severityNumber > 0 && severityNumber <= HIGHEST_SEVERITY_NUMBER)
    return severityOfNumber(severityNumber, 'severityNumber', {}) ?? 'info';
  const number = severityText.trim() === '' ? Number.NaN : Number(severityText);
  return severityOfNumber(number, 'severity', {}) ?? severityOfText(severityText) ?? 'info';
}

/** A text is the message as it is, any other body as JSON. An event may have a name instead of a body. */
function messageOf({ body, eventName }: LogRecord): string {
  if (typeof body === 'string') return body;
  return body === null ? eventName : toJson(body);
}

/**
 * The attributes of the record, of its scope and of its resource. Fields of OTLP that an entry does not have are among
 * them, under the names of the semantic conventions. A name may occur more than once: the value of the record comes
 * last then, because most programs that read JSON keep the last.
 */
function attributesOf(record: LogRecord, { resource, scope }: RecordSources): KeyValues {
  const fields: KeyValues['pairs'] = [
    ['trace_id', record.traceId],
    ['span_id', record.spanId],
    ['severity_text', record.severityText],
    ['event.name', record.eventName],
  ];
  const origin: KeyValues['pairs'] = [
    ['otel.scope.name', scope.name],
    ['otel.scope.version', scope.version],
  ];
  const isSent = ([, value]: KeyValues['pairs'][number]) => value !== '';
  const others = [
    ...fields.filter(isSent),
    ...scope.attributes.pairs,
    ...origin.filter(isSent),
    ...resource.attributes.pairs,
  ];
  const own = record.attributes.pairs;
  const names = new Set(own.map(([name]) => name));
  const added: KeyValues['pairs'] = [];
  const repeated: KeyValues['pairs'] = [];
  for (const pair of others) {
    (names.has(pair[0]) ? repeated : added).push(pair);
    names.add(pair[0]);
  }
  if (repeated.length === 0) return { pairs: [...own, ...added] };
  const toPairJson = (pair: KeyValues['pairs'][number]) => toJson({ pairs: [pair] });
  const known = new Set([...own, ...added].map(toPairJson));
  return { pairs: [...repeated.filter((pair) => !known.has(toPairJson(pair))), ...own, ...added] };
}

/**
 * The JSON of a value. A number that JSON or a double cannot express becomes text, bytes become base64. A map becomes
 * an object, in which a name occurs as often as in the map.
 */
export function toJson(value: AnyValue): string {
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? String(value) : JSON.stringify(String(value));
  if (typeof value === 'number' && !Number.isFinite(value)) return JSON.stringify(String(value));
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${value.pairs.map(([name, inner]) => `${JSON.stringify(name)}:${toJson(inner)}`).join(',')}}`;
}
