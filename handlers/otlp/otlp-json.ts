import { HttpProblem } from '../http/http-problem.ts';
import { bracketed, isArray, isObject, memberOf, partsOf, trim } from '../ingest/json-spans.ts';
import { fromOtlpJson } from './log-record-json.ts';
import type { OtlpEncoding } from './otlp-encoding.ts';

/** OTLP in JSON. Unknown fields are ignored. */
export const OTLP_JSON: OtlpEncoding = {
  contentType: 'application/json',

  openRequest(body) {
    const all = trim(body, { start: 0, end: body.length });
    const request = isObject(body, all) ? bracketed(body, all) : undefined;
    if (request?.end !== all.end)
      throw new HttpProblem(400, 'The body is not a JSON object: send an ExportLogsServiceRequest of OTLP');
    const isEmpty = partsOf(body, request).next().done;
    if (!isEmpty && !memberOf(body, request, 'resourceLogs'))
      throw new HttpProblem(400, 'The body has no resourceLogs: send entries that are not OTLP to /logs');
    return body.subarray(request.start, request.end);
  },

  *valuesOf(message, field) {
    const whole = { start: 0, end: message.length };
    const value = isObject(message, whole) ? memberOf(message, whole, field) : undefined;
    if (!value) return;
    const values = isArray(message, value) ? partsOf(message, value) : [value];
    for (const { start, end } of values) yield message.subarray(start, end);
  },

  decodeRecord: (record) => fromOtlpJson(JSON.parse(record.toString())),

  textOf: (record) => record.toString(),

  encodeResponse: (partialSuccess) =>
    JSON.stringify({
      // int64 is a string in the JSON of protobuf.
      partialSuccess: partialSuccess && {
        rejectedLogRecords: String(partialSuccess.rejectedLogRecords),
        errorMessage: partialSuccess.errorMessage,
      },
    }),

  encodeStatus: (code, message) => JSON.stringify({ code, message }),
};
