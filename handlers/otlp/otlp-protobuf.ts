import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { HttpProblem } from '../http/http-problem.ts';
import { toOtlpJson } from './log-record-json.ts';
import { decodeLogRecord } from './log-record-protobuf.ts';
import type { OtlpEncoding } from './otlp-encoding.ts';

/** Field numbers from collector/logs/v1/logs_service.proto, logs/v1/logs.proto and google/rpc/status.proto. */
const NESTED = { resourceLogs: 1, resource: 1, scopeLogs: 2, scope: 1, logRecords: 2 };
const RESPONSE = { partialSuccess: 1 };
const PARTIAL_SUCCESS = { rejectedLogRecords: 1, errorMessage: 2 };
const STATUS = { code: 1, message: 2 };

const { Varint, LengthDelimited } = WireType;

/** OTLP in protobuf. */
export const OTLP_PROTOBUF: OtlpEncoding = {
  contentType: 'application/x-protobuf',

  openRequest(body) {
    const [first] = fieldsOf(body, NESTED.resourceLogs);
    if (first || body.length === 0) return body;
    throw new HttpProblem(400, 'The body has no resource_logs: send an ExportLogsServiceRequest of OTLP');
  },

  valuesOf: (message, field) => fieldsOf(message, NESTED[field]),

  decodeRecord: decodeLogRecord,

  textOf(record) {
    try {
      return JSON.stringify(toOtlpJson(decodeLogRecord(record)));
    } catch {
      return record.toString('base64');
    }
  },

  encodeResponse(partialSuccess) {
    const writer = new BinaryWriter();
    if (partialSuccess) {
      writer.tag(RESPONSE.partialSuccess, LengthDelimited).fork();
      writer.tag(PARTIAL_SUCCESS.rejectedLogRecords, Varint).int64(partialSuccess.rejectedLogRecords);
      writer.tag(PARTIAL_SUCCESS.errorMessage, LengthDelimited).string(partialSuccess.errorMessage);
      writer.join();
    }
    return Buffer.from(writer.finish());
  },

  encodeStatus(code, message) {
    const writer = new BinaryWriter();
    writer.tag(STATUS.code, Varint).int32(code);
    writer.tag(STATUS.message, LengthDelimited).string(message);
    return Buffer.from(writer.finish());
  },
};

/** The messages in a message under one field number, not copied. @throws Error if the message is damaged */
function* fieldsOf(message: Buffer, wanted: number): Generator<Buffer> {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === wanted && wireType === LengthDelimited) {
      const { buffer, byteOffset, byteLength } = reader.bytes();
      yield Buffer.from(buffer, byteOffset, byteLength);
    } else reader.skip(wireType, number);
  }
}
