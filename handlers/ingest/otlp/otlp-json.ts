import { isUtf8 } from 'node:buffer';
import { parseExactly } from '../../../entities/json-text.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { bracketed, isArray, isObject, type Member, membersOf, partsOf, trim } from '../json-spans.ts';
import { requireModest } from '../require-modest.ts';
import { fromOtlpJson, originFromOtlpJson } from './log-record-json.ts';
import { MESSAGES, type MessageKind, type OtlpEncoding, type OtlpField } from './otlp-encoding.ts';

const SINGLE_FIELDS = new Set(['resource', 'scope', 'schemaUrl']);

/** OTLP in JSON, as protobuf's JSON mapping says: names in lowerCamelCase or in snake_case. */
export const OTLP_JSON: OtlpEncoding = {
  contentType: 'application/json',

  openRequest(body) {
    const all = trim(body, { start: 0, end: body.length });
    const request = isObject(body, all) ? bracketed(body, all) : undefined;
    if (request?.end !== all.end)
      throw new HttpProblem(400, 'The body is not a JSON object: send an ExportLogsServiceRequest of OTLP');
    return body.subarray(request.start, request.end);
  },

  *fieldsOf(message, kind) {
    for (const member of membersOf(message, { start: 0, end: message.length }))
      yield* valuesOf(message, member, kind);
  },

  decodeRecord: (record) => fromOtlpJson(parse(record)),

  decodeOrigin: (message) => originFromOtlpJson(parse(message)),

  textOf: (part) => part.toString(isUtf8(part) ? 'utf8' : 'latin1'),

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

/** The values of a member of a message: each of a list, if the field is repeated. */
function* valuesOf(message: Buffer, member: Member, kind: MessageKind): Generator<OtlpField> {
  const name = toLowerCamelCase(member.name);
  const { value } = member;
  const bytes = message.subarray(value.start, value.end);
  if (bytes.equals(NULL)) return;
  if (!(name in MESSAGES[kind]))
    yield {
      name,
      value: bytes,
      fault: `is no field of ${MESSAGE_NAMES[kind]} in OTLP`,
      isIgnorable: !isArray(message, value) && !isObject(message, value),
    };
  else if (SINGLE_FIELDS.has(name)) yield { name, value: bytes };
  else if (!isArray(message, value)) yield { name, value: bytes, fault: 'is not a list of objects' };
  else
    for (const element of partsOf(message, value)) {
      const isMessage = name === 'logRecords' || isObject(message, element);
      const fault = isMessage ? undefined : 'has an element that is not an object';
      yield { name, value: message.subarray(element.start, element.end), fault };
    }
}

const NULL = Buffer.from('null');

const MESSAGE_NAMES: Record<MessageKind, string> = {
  request: 'an ExportLogsServiceRequest',
  resourceLogs: 'ResourceLogs',
  scopeLogs: 'ScopeLogs',
};

function toLowerCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function parse(json: Buffer): unknown {
  if (!isUtf8(json)) throw new Error('it is not UTF-8');
  requireModest(json, { start: 0, end: json.length });
  return parseExactly(json.toString());
}
