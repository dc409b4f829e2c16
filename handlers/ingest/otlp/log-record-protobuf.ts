import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { readAnyValue, readKeyValue, skip, tag } from './any-value-protobuf.ts';
import { type LogRecord, type Origin, ValueCount } from './otlp-encoding.ts';

const { Varint, Bit64, LengthDelimited } = WireType;

/** The tags of the fields that are read, from opentelemetry/proto/logs/v1/logs.proto. Other fields are skipped. */
const LOG_RECORD = {
  timeUnixNano: tag(1, Bit64),
  severityNumber: tag(2, Varint),
  severityText: tag(3, LengthDelimited),
  body: tag(5, LengthDelimited),
  attributes: tag(6, LengthDelimited),
  traceId: tag(9, LengthDelimited),
  spanId: tag(10, LengthDelimited),
  observedTimeUnixNano: tag(11, Bit64),
  eventName: tag(12, LengthDelimited),
};

/** Decodes a log record in protobuf. @throws Error if it is damaged, not UTF-8, or has too many or too deep values */
export function decodeLogRecord(bytes: Uint8Array): LogRecord {
  const reader = new BinaryReader(bytes);
  const count = new ValueCount();
  const record: LogRecord = {
    timeUnixNano: 0n,
    observedTimeUnixNano: 0n,
    severityNumber: 0,
    severityText: '',
    body: null,
    attributes: new Map(),
    traceId: '',
    spanId: '',
    eventName: '',
  };
  while (reader.pos < reader.len) {
    const field = reader.uint32();
    // biome-ignore format: a field per line
    switch (field) {
      case LOG_RECORD.timeUnixNano: record.timeUnixNano = BigInt(reader.fixed64()); break;
      case LOG_RECORD.observedTimeUnixNano: record.observedTimeUnixNano = BigInt(reader.fixed64()); break;
      case LOG_RECORD.severityNumber: record.severityNumber = reader.int32(); break;
      case LOG_RECORD.severityText: record.severityText = reader.string(true); break;
      case LOG_RECORD.body: record.body = readAnyValue(reader, 1, count); break;
      case LOG_RECORD.attributes: readKeyValue(reader, 0, record.attributes, count); break;
      case LOG_RECORD.traceId: record.traceId = Buffer.from(reader.bytes()).toString('hex'); break;
      case LOG_RECORD.spanId: record.spanId = Buffer.from(reader.bytes()).toString('hex'); break;
      case LOG_RECORD.eventName: record.eventName = reader.string(true); break;
      default: skip(reader, field);
    }
  }
  return record;
}

/** Of a Resource the attributes, from opentelemetry/proto/resource/v1/resource.proto. */
const RESOURCE = { attributes: tag(1, LengthDelimited) };
/** From opentelemetry/proto/common/v1/common.proto. */
const SCOPE = {
  name: tag(1, LengthDelimited),
  version: tag(2, LengthDelimited),
  attributes: tag(3, LengthDelimited),
};

/** Decodes a Resource in protobuf. @throws Error as for a log record */
export function decodeResource(bytes: Uint8Array): Origin {
  return decodeOrigin(bytes, { ...RESOURCE, name: 0, version: 0 });
}

/** Decodes an InstrumentationScope in protobuf. @throws Error as for a log record */
export function decodeScope(bytes: Uint8Array): Origin {
  return decodeOrigin(bytes, SCOPE);
}

function decodeOrigin(bytes: Uint8Array, fields: typeof SCOPE): Origin {
  const reader = new BinaryReader(bytes);
  const count = new ValueCount();
  const origin: Origin = { name: '', version: '', attributes: new Map() };
  while (reader.pos < reader.len) {
    const field = reader.uint32();
    if (field === fields.attributes) readKeyValue(reader, 0, origin.attributes, count);
    else if (field === fields.name) origin.name = reader.string(true);
    else if (field === fields.version) origin.version = reader.string(true);
    else skip(reader, field);
  }
  return origin;
}
