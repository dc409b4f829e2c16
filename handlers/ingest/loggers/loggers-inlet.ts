import { parseExactly } from '../../../entities/json-text.ts';
import type { Endpoint } from '../../http/lambda-handler.ts';
import { type CheckAndStore, respondWithVerdicts } from '../check-and-store.ts';
import { deriveId } from '../entry-schema.ts';
import { type JsonForm, type JsonRecord, readRecords } from '../json-records.ts';
import { readText } from '../read-body.ts';
import { rolesOf } from './member-roles.ts';
import { toEntryValue } from './to-entry-value.ts';

/**
 * POST /v1/json: JSON as loggers write it (pino, winston, Python, log4j2, .NET and others).
 *
 *     body      plain, gzip, zstd or deflate, in any charset
 *       |         readText: decompressed, as UTF-8
 *       |         readRecords: divides one object, an array, {"logs": [...]} or lines by looking, then parses each
 *       |           toEntryValue: the first member that is a time, a severity, a message. The others are attributes
 *     records   each a value of an entry, or why there is none
 *       |         store: each checked against entry-schema.ts
 *     entries   stored. Refused records become dead letters
 *       |
 *     verdicts  {"accepted": 2, "rejected": []}, once DynamoDB has confirmed all of them
 */
export function loggersInlet(store: CheckAndStore): Endpoint {
  return {
    async respond(request) {
      const { body, contentType } = readText(request);
      const records = readRecords(body, contentType, loggerForm());
      return respondWithVerdicts(
        await store(records, { bytes: body.length, sender: request.sender, shipper: request.shipper }),
      );
    },
  };
}

/** Reads the records of one body. */
function loggerForm(): JsonForm {
  const occurrences = new Map<string, number>();
  return {
    isEntry: (names) => names.some((name) => rolesOf(name).message !== undefined),
    isDated: (names) => names.some((name) => rolesOf(name).time !== undefined),
    parse: parseExactly,
    toEntryValue: (record) => toEntryValue(record, (sequence) => idOf(record, sequence)),
  };

  /** From the record and from how often it has occurred, so that a true repeat within a body is kept. */
  function idOf({ json, envelope }: JsonRecord, sequence: string): string {
    const own = deriveId(envelope?.members ? `${envelope.members}\n${json}` : json);
    const id = sequence ? `${sequence}-${own}` : own;
    const count = (occurrences.get(id) ?? 0) + 1;
    occurrences.set(id, count);
    return count === 1 ? id : `${id}-${count}`;
  }
}
