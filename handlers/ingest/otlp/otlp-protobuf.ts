import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { toOtlpJson } from './log-record-json.ts';
import { decodeLogRecord, decodeResource, decodeScope } from './log-record-protobuf.ts';
import { MESSAGES, type OtlpEncoding } from './otlp-encoding.ts';

/** Field numbers from collector/logs/v1/logs_service.proto and google/rpc/status.proto. */
const RESPONSE = { partialSuccess: 1 };
const PARTIAL_SUCCESS = { rejectedLogRecords: 1, errorMessage: 2 };
/** Where OTLP before 0.15 had its records. */
const INSTRUMENTATION_LIBRARY_LOGS = 1_000;
const STATUS = { code: 1, message: 2 };

const { Varint, LengthDelimited } = WireType;

/** OTLP in protobuf. */
export const OTLP_PROTOBUF: OtlpEncoding = {
  contentType: 'application/x-protobuf',

  openRequest: (body) => body,

  *fieldsOf(message, kind) {
    const names = new Map<number, string>(
      Object.entries(MESSAGES[kind]).map(([name, number]) => [number, name]),
    );
    const reader = new BinaryReader(message);
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag();
      const name = wireType === LengthDelimited ? names.get(number) : undefined;
      if (wireType !== LengthDelimited) reader.skip(wireType, number);
      const value = wireType === LengthDelimited ? bytesOf(reader) : Buffer.alloc(0);
      if (name !== undefined) yield { name, value };
      else
        yield {
          name: `field ${number}`,
          value,
          fault: 'is no field of its message in OTLP',
          isIgnorable: number !== INSTRUMENTATION_LIBRARY_LOGS,
        };
    }
  },

  decodeRecord: decodeLogRecord,

  decodeOrigin: (message, kind) => (kind === 'resource' ? decodeResource(message) : decodeScope(message)),

  textOf(part) {
    try {
      return JSON.stringify(toOtlpJson(decodeLogRecord(part)));
    } catch {
      return part.toString('base64');
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

/** The bytes of a field, not copied. */
function bytesOf(reader: BinaryReader): Buffer {
  const { buffer, byteOffset, byteLength } = reader.bytes();
  return Buffer.from(buffer, byteOffset, byteLength);
}
