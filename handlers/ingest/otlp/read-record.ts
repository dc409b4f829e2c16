import { hash } from 'node:crypto';
import { RECORD_LIMIT_BYTES } from '../../limits.ts';
import { type EntryValue, type RawRecord, type Refused, refuse } from '../check-and-store.ts';
import { deriveId } from '../derive.ts';
import type { OtlpEncoding, RecordSource, RecordSources } from './otlp-encoding.ts';
import { toEntryValue } from './to-entry-value.ts';

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
  if (message.length === 0) return { name: '', version: '', attributes: new Map() };
  return encoding.decodeSource(message, kind);
}

/** From the record with its resource and scope: the same record sent again is the same entry. */
function idOf(record: Buffer, sources: EncodedSources): string {
  sources.digest ??= Buffer.concat(
    [sources.resource, sources.scope].map((bytes) => hash('sha256', bytes, 'buffer')),
  );
  return deriveId(Buffer.concat([sources.digest, record]));
}
