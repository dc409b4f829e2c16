import { createHash, hash } from 'node:crypto';
import type { Fault } from '../entities/dead-letter.ts';
import { ENTRIES_LIMIT, RECORD_LIMIT_BYTES } from './limits.ts';
import type { OtlpEncoding, OtlpField } from './otlp-encoding.ts';
import { toEntryValue } from './otlp-entry.ts';
import { HttpProblem } from './problem.ts';
import { collectBounded, type RawRecord, tooManyEntries } from './split-records.ts';

/** 128 bits of SHA-256: enough that two records never meet. */
const ID_CHARACTERS = 22;

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
    throw new HttpProblem(
      400,
      `The body is no OTLP in ${encoding.contentType}: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

function* locateRecords(encoding: OtlpEncoding, request: Buffer): Generator<LocatedRecord> {
  let messages = 0;
  for (const resourceLogs of encoding.valuesOf(request, 'resourceLogs')) {
    const resource = lastOf(encoding, resourceLogs, 'resource');
    for (const scopeLogs of encoding.valuesOf(resourceLogs, 'scopeLogs')) {
      // Without records in them they would be drawn for ever.
      if (++messages > ENTRIES_LIMIT) throw tooManyEntries();
      const scope = lastOf(encoding, scopeLogs, 'scope');
      const originDigest = Buffer.concat([digest(resource), digest(scope)]);
      for (const record of encoding.valuesOf(scopeLogs, 'logRecords')) yield { record, originDigest };
    }
  }
}

/** Of a field that occurs once the last value counts, as protobuf has it. */
function lastOf(encoding: OtlpEncoding, message: Buffer, field: OtlpField): Buffer {
  let last: Buffer = Buffer.alloc(0);
  for (const value of encoding.valuesOf(message, field)) last = value;
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
