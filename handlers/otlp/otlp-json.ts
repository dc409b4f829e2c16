import { HttpProblem } from '../http/http-problem.ts';
import { bracketed, isArray, isObject, memberOf, partsOf, trim } from '../ingest/json-spans.ts';
import { ExportLogsServiceResponse } from '../opentelemetry/proto/collector/logs/v1/logs_service.ts';
import { LogRecord } from '../opentelemetry/proto/logs/v1/logs.ts';
import type { OtlpEncoding } from './otlp-encoding.ts';

/**
 * OTLP in its own JSON: names in lowerCamelCase, 64-bit integers as strings or numbers, unknown fields ignored.
 * Trace and span ids are hex there; nothing reads them here.
 */
export const OTLP_JSON: OtlpEncoding = {
  contentType: 'application/json',

  openRequest(body) {
    const all = trim(body, { start: 0, end: body.length });
    const request = isObject(body, all) ? bracketed(body, all) : undefined;
    if (request?.end !== all.end)
      throw new HttpProblem(400, 'The body is no JSON object: send an ExportLogsServiceRequest of OTLP');
    const isEmpty = partsOf(body, request).next().done;
    if (!isEmpty && !memberOf(body, request, 'resourceLogs'))
      throw new HttpProblem(400, 'The body has no resourceLogs: entries that are not OTLP go to /logs');
    return body.subarray(request.start, request.end);
  },

  *valuesOf(message, field) {
    const whole = { start: 0, end: message.length };
    const value = isObject(message, whole) ? memberOf(message, whole, field) : undefined;
    if (!value) return;
    const values = isArray(message, value) ? partsOf(message, value) : [value];
    for (const { start, end } of values) yield message.subarray(start, end);
  },

  decodeRecord(record) {
    const value: unknown = JSON.parse(record.toString());
    if (typeof value !== 'object' || value === null) throw new TypeError('it is no object');
    return LogRecord.fromJSON(value);
  },

  textOf: (record) => record.toString(),

  encodeResponse: (partialSuccess) => JSON.stringify(ExportLogsServiceResponse.toJSON({ partialSuccess })),

  encodeStatus: (code, message) => JSON.stringify({ code, message }),
};
