import type { Endpoint } from '../../http/lambda-handler.ts';
import { type CheckAndStore, respondWithVerdicts } from '../check-and-store.ts';
import { divideBody } from '../divide-body.ts';
import { type JsonForm, readRecords } from '../json-records.ts';
import { memberOf } from '../json-spans.ts';
import { readText } from '../read-body.ts';

/**
 * POST /logs: log entries as this service defines them.
 *
 *     body      plain, gzip, zstd or deflate, in any charset
 *       |         readText: decompressed, as UTF-8
 *     pieces    one object, an array, {"logs": [...]} or one object per line
 *       |         divideBody: found by looking, nothing is parsed yet
 *     records   readRecords: each piece parsed on its own, or why it could not be
 *       |         store: each checked against entry-schema.ts
 *     entries   stored. Refused records become dead letters
 *       |
 *     verdicts  {"accepted": 2, "rejected": []}, once DynamoDB has confirmed all of them
 */
export function logsInlet(store: CheckAndStore): Endpoint {
  return {
    async respond(request) {
      const { body, contentType } = readText(request);
      const records = readRecords(body, divideBody(body, contentType, ENTRY_MEMBERS), ENTRY_FORM);
      return respondWithVerdicts(await store(records, { bytes: body.length, apiKeyId: request.apiKeyId }));
    },
  };
}

/** An object with this member is an entry, even if it has a member `logs`, too. */
const ENTRY_MEMBERS = ['id'];

const ENTRY_FORM: JsonForm = {
  parse: JSON.parse,

  /** The attributes are stored as they were sent: a double has fewer digits than a number in JSON may have. */
  toEntryValue: ({ value, body, span }) => ({
    value,
    attributes() {
      const json = memberOf(body, span, 'attributes');
      return json && body.toString('utf8', json.start, json.end);
    },
  }),
};
