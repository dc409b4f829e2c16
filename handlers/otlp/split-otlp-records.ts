import { createHash, hash } from 'node:crypto';
import type { Fault } from '../../entities/dead-letter.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { collectBounded, type RawRecord, tooManyEntries } from '../ingest/split-records.ts';
import { ENTRIES_LIMIT, RECORD_LIMIT_BYTES } from '../limits.ts';
import type { OtlpEncoding, OtlpField } from './otlp-encoding.ts';
import { toEntryValue } from './otlp-entry.ts';

/** 128 bits of SHA-256: enough that two records never meet. */
const ID_CHARACTERS = 22;

/** Each record may come with a resource and a scope of its own, and a message around each of them. */
const MESSAGES_LIMIT = 5 * ENTRIES_LIMIT;

/** A log record, and the digest of the resource and the scope that it shares with others. */
interface LocatedRecord {
  record: Buffer;
  originDigest: Buffer;
}

/**
 * The log records of an OTLP request as records to store. They are decoded as they are drawn.
 * @throws HttpProblem 400 when the body is no such request, 413 over ENTRIES_LIMIT records
 */
export function splitOtlpRecords(encoding: OtlpEncoding, body: Buffer): Iterable<RawRecord> {
  try {
    return decodeEach(encoding, collectBounded(locateRecords(encoding, encoding.openRequest(body))));
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    const reason = (error as Error).message;
    throw new HttpProblem(400, `The body is no OTLP in ${encoding.contentType}: ${reason}`, { cause: error });
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

/** Reads the values of fields, but not more of them than a request may need: millions fit into a body. */
function countedValues(encoding: OtlpEncoding) {
  let count = 0;
  return function* valuesOf(message: Buffer, field: OtlpField): Generator<Buffer> {
    for (const value of encoding.valuesOf(message, field)) {
      if (++count > MESSAGES_LIMIT) throw tooManyEntries();
      yield value;
    }
  };
}

/** Of a field that occurs once the last value counts, as protobuf has it. */
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
    return { errors: [{ path: '', message: `is no log record: ${(error as Error).message}` }] };
  }
}
