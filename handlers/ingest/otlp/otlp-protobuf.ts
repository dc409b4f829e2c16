import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { AnyValue, KeyValues, LogRecord, OtlpEncoding, RecordSource } from './otlp-encoding.ts';
import { MESSAGES, ValueCount } from './otlp-encoding.ts';
import { toJson } from './read-record.ts';

const { Varint, Bit64, LengthDelimited } = WireType;

/** Where OTLP before 0.15 had its records. */
const INSTRUMENTATION_LIBRARY_LOGS = 1_000;

/** OTLP in protobuf. The text of a record is the JSON of what was decoded: bytes are base64. */
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
      const isMessage = wireType === LengthDelimited;
      const name = isMessage ? names.get(number) : undefined;
      if (!isMessage) reader.skip(wireType, number);
      const value = isMessage ? bytesOf(reader) : Buffer.alloc(0);
      const isIgnorable = number !== INSTRUMENTATION_LIBRARY_LOGS;
      if (name !== undefined) yield { name, value };
      else yield { name: `field ${number}`, value, fault: 'is no field of its message in OTLP', isIgnorable };
    }
  },

  decodeRecord: decodeLogRecord,

  decodeSource: (message, kind) => decodeSource(message, kind === 'resource' ? RESOURCE : SCOPE),

  textOf(part) {
    try {
      const { attributes, ...others } = decodeLogRecord(part);
      const pairs: KeyValues['pairs'] = Object.entries(others).filter(
        ([name, value]) => value !== DEFAULTS[name as keyof typeof DEFAULTS],
      );
      if (attributes.pairs.length > 0) pairs.push(['attributes', attributes]);
      return toJson({ pairs });
    } catch {
      return part.toString('base64');
    }
  },
};

/** The bytes of a field, not copied. */
function bytesOf(reader: BinaryReader): Buffer {
  const { buffer, byteOffset, byteLength } = reader.bytes();
  return Buffer.from(buffer, byteOffset, byteLength);
}

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

/** The fields of an empty log record. */
const DEFAULTS = {
  timeUnixNano: 0n,
  observedTimeUnixNano: 0n,
  severityNumber: 0,
  severityText: '',
  body: null,
  traceId: '',
  spanId: '',
  eventName: '',
};

/** Decodes a log record in protobuf. @throws Error if it is damaged, not UTF-8, or has too many or too deep values */
export function decodeLogRecord(bytes: Uint8Array): LogRecord {
  const reader = new BinaryReader(bytes);
  const count = new ValueCount();
  const record: LogRecord = { ...DEFAULTS, attributes: { pairs: [] } };
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

/** From opentelemetry/proto/resource/v1/resource.proto. A resource has no name and no version. */
const RESOURCE = { name: 0, version: 0, attributes: tag(1, LengthDelimited) };
/** From opentelemetry/proto/common/v1/common.proto. */
const SCOPE = {
  name: tag(1, LengthDelimited),
  version: tag(2, LengthDelimited),
  attributes: tag(3, LengthDelimited),
};

/** Decodes a Resource or an InstrumentationScope in protobuf. @throws Error as for a log record */
function decodeSource(bytes: Uint8Array, fields: typeof SCOPE): RecordSource {
  const reader = new BinaryReader(bytes);
  const count = new ValueCount();
  const source: RecordSource = { name: '', version: '', attributes: { pairs: [] } };
  while (reader.pos < reader.len) {
    const field = reader.uint32();
    if (field === fields.attributes) readKeyValue(reader, 0, source.attributes, count);
    else if (field === fields.name) source.name = reader.string(true);
    else if (field === fields.version) source.version = reader.string(true);
    else skip(reader, field);
  }
  return source;
}

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

/** If there are several values, the last counts, as for every oneof. */
function readAnyValue(reader: BinaryReader, depth: number, count: ValueCount): AnyValue {
  count.add(depth);
  let value: AnyValue = null;
  for (const end = endOfMessage(reader); reader.pos < end; ) {
    const field = reader.uint32();
    // biome-ignore format: a field per line
    switch (field) {
      case ANY_VALUE.stringValue: value = reader.string(true); break;
      case ANY_VALUE.boolValue: value = reader.bool(); break;
      case ANY_VALUE.intValue: value = BigInt(reader.int64()); break;
      case ANY_VALUE.doubleValue: value = reader.double(); break;
      case ANY_VALUE.arrayValue: value = readArray(reader, depth, count); break;
      case ANY_VALUE.kvlistValue: value = readMap(reader, depth, count); break;
      case ANY_VALUE.bytesValue: value = reader.bytes(); break;
      default: skip(reader, field);
    }
  }
  return value;
}

function readArray(reader: BinaryReader, depth: number, count: ValueCount): AnyValue[] {
  const values: AnyValue[] = [];
  readList(reader, () => values.push(readAnyValue(reader, depth + 1, count)));
  return values;
}

function readMap(reader: BinaryReader, depth: number, count: ValueCount): KeyValues {
  const map: KeyValues = { pairs: [] };
  readList(reader, () => readKeyValue(reader, depth, map, count));
  return map;
}

/** Reads an ArrayValue or a KeyValueList. */
function readList(reader: BinaryReader, readElement: () => void): void {
  for (const end = endOfMessage(reader); reader.pos < end; ) {
    const field = reader.uint32();
    if (field === LIST.values) readElement();
    else skip(reader, field);
  }
}

/** Reads a KeyValue into the attributes. */
function readKeyValue(reader: BinaryReader, depth: number, { pairs }: KeyValues, count: ValueCount): void {
  count.add(depth + 1);
  let key = '';
  let value: AnyValue = null;
  for (const end = endOfMessage(reader); reader.pos < end; ) {
    const field = reader.uint32();
    if (field === KEY_VALUE.key) key = reader.string(true);
    else if (field === KEY_VALUE.value) value = readAnyValue(reader, depth + 1, count);
    else skip(reader, field);
  }
  pairs.push([key, value]);
}

/** The number with which a field begins. */
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

/** Skips the value of a field that is not read. */
function skip(reader: BinaryReader, field: number): void {
  if (field >>> 3 === 0) throw new Error('it has a field with the number 0');
  reader.skip(field & 7, field >>> 3);
}
