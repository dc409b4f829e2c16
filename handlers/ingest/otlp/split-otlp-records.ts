import { createHash, hash } from 'node:crypto';
import type { Fault } from '../../../entities/dead-letter.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { ENTRIES_LIMIT, EXPANDED_LIMIT_BYTES, RECORD_LIMIT_BYTES } from '../../limits.ts';
import type { RawRecord } from '../check-records.ts';
import { collectWithinLimit, tooManyEntries } from '../split-records.ts';
import type { MessageKind, Origin, OtlpEncoding, OtlpField } from './otlp-encoding.ts';
import { toEntryValue } from './to-entry-value.ts';

/** 128 bits of SHA-256: enough that two different records never get the same id. */
const ID_CHARACTERS = 22;

/** Each record may have its own resource and scope, and each of these is in another message. */
const MESSAGES_LIMIT = 5 * ENTRIES_LIMIT;

/** The resource and the scope of records, still encoded, and what they share once one of them is decoded. */
interface RecordOrigin {
  resource: Buffer;
  scope: Buffer;
  digest?: Buffer;
  decoded?: DecodedOrigin | { error: unknown };
}

interface DecodedOrigin {
  resource: Origin;
  scope: Origin;
}

/** An encoded log record; or a part of the request that is none, and why. */
type Part = { record: Buffer; origin: RecordOrigin } | { stray: OtlpField & { fault: string } };

const NOTHING = Buffer.alloc(0);

/**
 * The log records of an OTLP request as records to check and store. Each is decoded as it is drawn.
 * @throws HttpProblem 400 if the body is not such a request or nothing in it is understood, 413 over ENTRIES_LIMIT
 *   records
 */
export function splitOtlpRecords(encoding: OtlpEncoding, body: Buffer): Iterable<RawRecord> {
  try {
    const parts = collectWithinLimit(partsOfRequest(encoding, encoding.openRequest(body)));
    const [stray] = parts.flatMap((part) => ('stray' in part ? [part.stray] : []));
    if (stray && !parts.some((part) => 'record' in part))
      throw new HttpProblem(
        400,
        `No log records were found: ${stray.name} ${stray.fault}. Send OTLP as resourceLogs, anything else to /logs`,
      );
    requireModestExpansion(parts);
    return readEach(
      encoding,
      parts.filter((part) => !('stray' in part && part.stray.isIgnorable)),
    );
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    const reason = (error as Error).message;
    throw new HttpProblem(400, `The body is not OTLP in ${encoding.contentType}: ${reason}`, {
      cause: error,
    });
  }
}

function* partsOfRequest(encoding: OtlpEncoding, request: Buffer): Generator<Part> {
  const read = countedFields(encoding);
  const { fields: resourceLogs, strays } = read(request, 'request', 'resourceLogs');
  yield* strays;
  for (const { value: ofResource } of resourceLogs) {
    const { fields: scopeLogs, strays, origin: resource } = read(ofResource, 'resourceLogs', 'scopeLogs');
    yield* strays;
    for (const { value: ofScope } of scopeLogs) {
      const { fields: records, strays, origin: scope } = read(ofScope, 'scopeLogs', 'logRecords');
      yield* strays;
      const origin = { resource, scope };
      for (const { value: record } of records) yield { record, origin };
    }
  }
}

/**
 * Reads the fields of messages, up to as many as a request of ENTRIES_LIMIT records may need. Millions fit into a
 * body. What is no field of OTLP is ignored as OTLP demands, unless it may hold records.
 */
function countedFields(encoding: OtlpEncoding) {
  let count = 0;
  return (message: Buffer, kind: MessageKind, wanted: string) => {
    const fields: OtlpField[] = [];
    const strays: Part[] = [];
    // Of several, the last counts, as in protobuf.
    let origin: Buffer = NOTHING;
    for (const field of encoding.fieldsOf(message, kind)) {
      // No message needs more than a part for each record.
      if (++count > MESSAGES_LIMIT || fields.length > ENTRIES_LIMIT) throw tooManyEntries();
      const { name, value, fault } = field;
      if (fault !== undefined) strays.push({ stray: { ...field, fault } });
      else if (name === wanted) fields.push(field);
      else if (name === 'resource' || name === 'scope') origin = value;
    }
    return { fields, strays, origin };
  };
}

function* readEach(encoding: OtlpEncoding, parts: Part[]): Generator<RawRecord> {
  for (const part of parts) {
    if ('record' in part) {
      const { record, origin } = part;
      yield { text: () => encoding.textOf(record), ...decode(encoding, record, origin) };
    } else {
      const { name, value, fault } = part.stray;
      yield { text: () => encoding.textOf(value), errors: [{ path: name, message: fault }] };
    }
  }
}

function decode(
  encoding: OtlpEncoding,
  record: Buffer,
  origin: RecordOrigin,
): { value: unknown } | { errors: Fault[] } {
  if (record.length > RECORD_LIMIT_BYTES)
    return { errors: [{ path: '', message: `must not be over ${RECORD_LIMIT_BYTES / 1024 / 1024} MiB` }] };
  try {
    const decoded = decodeOrigins(encoding, origin);
    return toEntryValue(encoding.decodeRecord(record), decoded, () => idOf(record, origin));
  } catch (error) {
    return { errors: [{ path: '', message: `is not a log record: ${(error as Error).message}` }] };
  }
}

/** The resource and the scope, decoded once for all of their records. @throws Error if one of them cannot be read */
function decodeOrigins(encoding: OtlpEncoding, origin: RecordOrigin): DecodedOrigin {
  if (!origin.decoded)
    try {
      origin.decoded = {
        resource: decodeOrigin(encoding, origin.resource, 'resource'),
        scope: decodeOrigin(encoding, origin.scope, 'scope'),
      };
    } catch (error) {
      origin.decoded = { error };
    }
  if ('error' in origin.decoded) throw origin.decoded.error;
  return origin.decoded;
}

function decodeOrigin(encoding: OtlpEncoding, message: Buffer, kind: 'resource' | 'scope'): Origin {
  if (message.length === 0) return { name: '', version: '', attributes: new Map() };
  return encoding.decodeOrigin(message, kind);
}

/** @throws HttpProblem 413 if the records would be over EXPANDED_LIMIT_BYTES with their resources and scopes */
function requireModestExpansion(parts: Part[]): void {
  let bytes = 0;
  for (const part of parts)
    if ('record' in part)
      bytes += part.record.length + part.origin.resource.length + part.origin.scope.length;
  if (bytes > EXPANDED_LIMIT_BYTES)
    throw new HttpProblem(
      413,
      `The log records are over ${EXPANDED_LIMIT_BYTES / 1024 / 1024} MiB, each with its resource: make the batches smaller`,
    );
}

/** A digest of a record with its resource and scope: the same record sent again is the same entry. */
function idOf(record: Buffer, origin: RecordOrigin): string {
  origin.digest ??= Buffer.concat(
    [origin.resource, origin.scope].map((bytes) => hash('sha256', bytes, 'buffer')),
  );
  return createHash('sha256')
    .update(origin.digest)
    .update(record)
    .digest('base64url')
    .slice(0, ID_CHARACTERS);
}
