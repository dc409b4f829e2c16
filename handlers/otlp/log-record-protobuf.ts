import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { type AnyValue, type Attributes, type LogRecord, requireDepth } from './otlp-encoding.ts';

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

/** From opentelemetry/proto/common/v1/common.proto. */
const ANY_VALUE = {
  stringValue: tag(1, LengthDelimited),
  boolValue: tag(2, Varint),
  intValue: tag(3, Varint),
  doubleValue: tag(4, Bit64),
  arrayValue: tag(5, LengthDelimited),
  kvlistValue: tag(6, LengthDelimited),
  bytesValue: tag(7, LengthDelimited),
};
const KEY_VALUE = { key: tag(1, LengthDelimited), value: tag(2, LengthDelimited) };
/** ArrayValue and KeyValueList. */
const LIST = { values: tag(1, LengthDelimited) };

/** Decodes a log record in protobuf. @throws Error if it is damaged, or nested too deeply */
export function decodeLogRecord(bytes: Uint8Array): LogRecord {
  const reader = new BinaryReader(bytes);
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
      case LOG_RECORD.severityText: record.severityText = reader.string(); break;
      case LOG_RECORD.body: record.body = readAnyValue(reader, 1); break;
      case LOG_RECORD.attributes: readKeyValue(reader, 0, record.attributes); break;
      case LOG_RECORD.traceId: record.traceId = Buffer.from(reader.bytes()).toString('hex'); break;
      case LOG_RECORD.spanId: record.spanId = Buffer.from(reader.bytes()).toString('hex'); break;
      case LOG_RECORD.eventName: record.eventName = reader.string(); break;
      default: skip(reader, field);
    }
  }
  return record;
}

/** Of several values the last counts, as for every oneof. */
function readAnyValue(reader: BinaryReader, depth: number): AnyValue {
  requireDepth(depth);
  let value: AnyValue = null;
  for (const end = endOfMessage(reader); reader.pos < end; ) {
    const field = reader.uint32();
    // biome-ignore format: a field per line
    switch (field) {
      case ANY_VALUE.stringValue: value = reader.string(); break;
      case ANY_VALUE.boolValue: value = reader.bool(); break;
      case ANY_VALUE.intValue: value = BigInt(reader.int64()); break;
      case ANY_VALUE.doubleValue: value = reader.double(); break;
      case ANY_VALUE.arrayValue: value = readArray(reader, depth); break;
      case ANY_VALUE.kvlistValue: value = readMap(reader, depth); break;
      case ANY_VALUE.bytesValue: value = reader.bytes(); break;
      default: skip(reader, field);
    }
  }
  return value;
}

function readArray(reader: BinaryReader, depth: number): AnyValue[] {
  const values: AnyValue[] = [];
  for (const end = endOfMessage(reader); reader.pos < end; ) {
    const field = reader.uint32();
    if (field === LIST.values) values.push(readAnyValue(reader, depth + 1));
    else skip(reader, field);
  }
  return values;
}

function readMap(reader: BinaryReader, depth: number): Attributes {
  const pairs: Attributes = new Map();
  for (const end = endOfMessage(reader); reader.pos < end; ) {
    const field = reader.uint32();
    if (field === LIST.values) readKeyValue(reader, depth, pairs);
    else skip(reader, field);
  }
  return pairs;
}

function readKeyValue(reader: BinaryReader, depth: number, pairs: Attributes): void {
  let key = '';
  let value: AnyValue = null;
  for (const end = endOfMessage(reader); reader.pos < end; ) {
    const field = reader.uint32();
    if (field === KEY_VALUE.key) key = reader.string();
    else if (field === KEY_VALUE.value) value = readAnyValue(reader, depth + 1);
    else skip(reader, field);
  }
  pairs.set(key, value);
}

function tag(field: number, wireType: WireType): number {
  return (field << 3) | wireType;
}

/** Reads the length of a nested message, and returns where the message ends. */
function endOfMessage(reader: BinaryReader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('it is cut off');
  return end;
}

function skip(reader: BinaryReader, field: number): void {
  if (field >>> 3 === 0) throw new Error('it has a field with the number 0');
  reader.skip(field & 7, field >>> 3);
}
