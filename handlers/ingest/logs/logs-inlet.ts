import { textMembersOf } from '../../../entities/json-text.ts';
import type { Endpoint } from '../../http/lambda-handler.ts';
import { type CheckAndStore, respondWithVerdicts } from '../check-and-store.ts';
import { type JsonForm, readRecords } from '../json-records.ts';
import { readText } from '../read-body.ts';

/**
 * POST /logs: log entries as this service defines them.
 *
 *     body      plain, gzip, zstd or deflate, in any charset
 *       |         readText: decompressed, as UTF-8
 *       |         readRecords: divides one object, an array, {"logs": [...]} or lines by looking, then parses each
 *     records   each a value, or why there is none
 *       |         store: each checked against entry-schema.ts
 *     entries   stored. Refused records become dead letters
 *       |
 *     verdicts  {"accepted": 2, "rejected": []}, once DynamoDB has confirmed all of them
 */
export function logsInlet(store: CheckAndStore): Endpoint {
  return {
    async respond(request) {
      const { body, contentType } = readText(request);
      const records = readRecords(body, contentType, ENTRY_FORM);
      return respondWithVerdicts(
        await store(records, { bytes: body.length, sender: request.sender, shipper: request.shipper }),
      );
    },
  };
}

const ENTRY_FORM: JsonForm = {
  isEntry: (names) => names.includes('id'),

  parse: JSON.parse,

  /** The attributes are stored as they were sent: a double has fewer digits than a number in JSON may have. */
  toEntryValue: ({ value, json }) => ({
    value,
    attributes() {
      // The last counts, as in JSON.parse.
      const member = textMembersOf(json).findLast(({ name }) => name === 'attributes');
      return member && json.slice(member.valueStart, member.end);
    },
  }),
};
