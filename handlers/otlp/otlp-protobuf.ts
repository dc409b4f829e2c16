import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { HttpProblem } from '../http/http-problem.ts';
import { ExportLogsServiceResponse } from '../opentelemetry/proto/collector/logs/v1/logs_service.ts';
import { LogRecord } from '../opentelemetry/proto/logs/v1/logs.ts';
import { OTLP_FIELDS, type OtlpEncoding } from './otlp-encoding.ts';

/** The fields of google.rpc.Status. */
const STATUS = { code: 1, message: 2 };

/** OTLP in protobuf. */
export const OTLP_PROTOBUF: OtlpEncoding = {
  contentType: 'application/x-protobuf',

  openRequest(body) {
    const [first] = fieldsOf(body, OTLP_FIELDS.resourceLogs);
    if (first || body.length === 0) return body;
    throw new HttpProblem(400, 'The body has no resource_logs: send an ExportLogsServiceRequest of OTLP');
  },

  valuesOf: (message, field) => fieldsOf(message, OTLP_FIELDS[field]),

  decodeRecord: (record) => LogRecord.decode(record),

  textOf(record) {
    try {
      return JSON.stringify(LogRecord.toJSON(LogRecord.decode(record)));
    } catch {
      return record.toString('base64');
    }
  },

  encodeResponse: (partialSuccess) =>
    Buffer.from(ExportLogsServiceResponse.encode({ partialSuccess }).finish()),

  encodeStatus(code, message) {
    const writer = new BinaryWriter();
    writer.tag(STATUS.code, WireType.Varint).int32(code);
    writer.tag(STATUS.message, WireType.LengthDelimited).string(message);
    return Buffer.from(writer.finish());
  },
};

/** The messages under one number in a message, not copied. @throws Error when it is damaged */
function* fieldsOf(message: Buffer, wanted: number): Generator<Buffer> {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === wanted && wireType === WireType.LengthDelimited) {
      const { buffer, byteOffset, byteLength } = reader.bytes();
      yield Buffer.from(buffer, byteOffset, byteLength);
    } else reader.skip(wireType, number);
  }
}
