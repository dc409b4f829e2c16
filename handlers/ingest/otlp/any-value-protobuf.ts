import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { AnyValue, Attributes, ValueCount } from './otlp-encoding.ts';

const { Varint, Bit64, LengthDelimited } = WireType;

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

/** Of several values the last counts, as for every oneof. */
export function readAnyValue(reader: BinaryReader, depth: number, count: ValueCount): AnyValue {
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
  for (const end = endOfMessage(reader); reader.pos < end; ) {
    const field = reader.uint32();
    if (field === LIST.values) values.push(readAnyValue(reader, depth + 1, count));
    else skip(reader, field);
  }
  return values;
}

function readMap(reader: BinaryReader, depth: number, count: ValueCount): Attributes {
  const pairs: Attributes = new Map();
  for (const end = endOfMessage(reader); reader.pos < end; ) {
    const field = reader.uint32();
    if (field === LIST.values) readKeyValue(reader, depth, pairs, count);
    else skip(reader, field);
  }
  return pairs;
}

/** Reads a KeyValue into the attributes. */
export function readKeyValue(
  reader: BinaryReader,
  depth: number,
  pairs: Attributes,
  count: ValueCount,
): void {
  count.add(depth + 1);
  let key = '';
  let value: AnyValue = null;
  for (const end = endOfMessage(reader); reader.pos < end; ) {
    const field = reader.uint32();
    if (field === KEY_VALUE.key) key = reader.string(true);
    else if (field === KEY_VALUE.value) value = readAnyValue(reader, depth + 1, count);
    else skip(reader, field);
  }
  pairs.set(key, value);
}

/** How a field begins. */
export function tag(field: number, wireType: WireType): number {
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
export function skip(reader: BinaryReader, field: number): void {
  if (field >>> 3 === 0) throw new Error('it has a field with the number 0');
  reader.skip(field & 7, field >>> 3);
}
