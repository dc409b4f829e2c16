import { createHash, hash } from 'node:crypto';
import type { Fault } from '../../entities/dead-letter.ts';
import { HttpProblem } from '../http/http-problem.ts';
import type { RawRecord } from '../ingest/check-records.ts';
import { collectWithinLimit, tooManyEntries } from '../ingest/split-records.ts';
import { ENTRIES_LIMIT, RECORD_LIMIT_BYTES } from '../limits.ts';
import type { OtlpEncoding, OtlpField } from './otlp-encoding.ts';
import { toEntryValue } from './to-entry-value.ts';

/** 128 bits of SHA-256: enough that two different records never get the same id. */
const ID_CHARACTERS = 22;

/** Each record may have its own resource and scope, and each of these is in another message. */
const MESSAGES_LIMIT = 5 * ENTRIES_LIMIT;

/** An encoded log record, and the digest of the resource and the scope that it shares with others. */
interface LocatedRecord {
  record: Buffer;
  originDigest: Buffer;
}

/**
 * The log records of an OTLP request as records to check and store. Each is decoded as it is drawn.
 * @throws HttpProblem 400 if the body is not such a request, 413 over ENTRIES_LIMIT records
 */
export function splitOtlpRecords(encoding: OtlpEncoding, body: Buffer): Iterable<RawRecord> {
  try {
    return decodeEach(encoding, collectWithinLimit(locateRecords(encoding, encoding.openRequest(body))));
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    const reason = (error as Error).message;
    throw new HttpProblem(400, `The body is not OTLP in ${encoding.contentType}: ${reason}`, {
      cause: error,
    });
  }
}

function* locateRecords(encoding: OtlpEncoding, request: Buffer): Generator<LocatedRecord> {
  const valuesOf = countedValues(encoding);
  for (const resourceLogs of valuesOf(request, 'resourceLogs')) {
    const resource = lastOf(valuesOf(resourceLogs, 'resource'));
    for (const scopeLogs of valuesOf(resourceLogs, 'scopeLogs')) {
      const scope = lastOf(valuesOf(scopeLogs, 'scope'));
      const originDigest = Buffer.concat([digest(resource), digest(scope)]);
      for (const record of valuesOf(scopeLogs, 'logRecords')) yield { record, originDigest };
    }
  }
}

/** Reads the values of fields, up to as many as a request of ENTRIES_LIMIT records may need. Millions fit into a body. */
function countedValues(encoding: OtlpEncoding) {
  let count = 0;
  return function* valuesOf(message: Buffer, field: OtlpField): Generator<Buffer> {
    for (const value of encoding.valuesOf(message, field)) {
      if (++count > MESSAGES_LIMIT) throw tooManyEntries();
      yield value;
    }
  };
}

/** The value of a field that is not repeated. In protobuf the last one counts. */
function lastOf(values: Iterable<Buffer>): Buffer {
  let last: Buffer = Buffer.alloc(0);
  for (const value of values) last = value;
  return last;
}

function digest(bytes: Buffer): Buffer {
  return hash('sha256', bytes, 'buffer');
}

function* decodeEach(encoding: OtlpEncoding, located: LocatedRecord[]): Generator<RawRecord> {
  for (const { record, originDigest } of located)
    yield { text: () => encoding.textOf(record), ...decode(encoding, record, originDigest) };
}

function decode(
  encoding: OtlpEncoding,
  record: Buffer,
  originDigest: Buffer,
): { value: unknown } | { errors: Fault[] } {
  if (record.length > RECORD_LIMIT_BYTES)
    return { errors: [{ path: '', message: `must not be over ${RECORD_LIMIT_BYTES / 1024 / 1024} MiB` }] };
  try {
    return toEntryValue(encoding.decodeRecord(record), () =>
      createHash('sha256').update(originDigest).update(record).digest('base64url').slice(0, ID_CHARACTERS),
    );
  } catch (error) {
    return { errors: [{ path: '', message: `is not a log record: ${(error as Error).message}` }] };
  }
}
