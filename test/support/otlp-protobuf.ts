import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

const { Varint, Bit64, LengthDelimited } = WireType;

/** How the values of OTLP's JSON are written in protobuf. */
const SCALARS = {
  string: [LengthDelimited, (writer: BinaryWriter, value: unknown) => writer.string(String(value))],
  bytes: [
    LengthDelimited,
    (writer: BinaryWriter, value: unknown) => writer.bytes(Buffer.from(String(value), 'base64')),
  ],
  hex: [
    LengthDelimited,
    (writer: BinaryWriter, value: unknown) => writer.bytes(Buffer.from(String(value), 'hex')),
  ],
  bool: [Varint, (writer: BinaryWriter, value: unknown) => writer.bool(Boolean(value))],
  int32: [Varint, (writer: BinaryWriter, value: unknown) => writer.int32(Number(value))],
  int64: [Varint, (writer: BinaryWriter, value: unknown) => writer.int64(BigInt(value as string | number))],
  fixed64: [
    Bit64,
    (writer: BinaryWriter, value: unknown) => writer.fixed64(BigInt(value as string | number)),
  ],
  double: [Bit64, (writer: BinaryWriter, value: unknown) => writer.double(Number(value))],
} as const;

/** The messages of OTLP's logs: the number and the type of each field. */
const MESSAGES = {
  ExportLogsServiceRequest: { resourceLogs: [1, 'ResourceLogs'] },
  ResourceLogs: { resource: [1, 'Resource'], scopeLogs: [2, 'ScopeLogs'] },
  Resource: { attributes: [1, 'KeyValue'] },
  ScopeLogs: { scope: [1, 'InstrumentationScope'], logRecords: [2, 'LogRecord'] },
  InstrumentationScope: { name: [1, 'string'] },
  LogRecord: {
    timeUnixNano: [1, 'fixed64'],
    severityNumber: [2, 'int32'],
    severityText: [3, 'string'],
    body: [5, 'AnyValue'],
    attributes: [6, 'KeyValue'],
    traceId: [9, 'hex'],
    spanId: [10, 'hex'],
    observedTimeUnixNano: [11, 'fixed64'],
    eventName: [12, 'string'],
  },
  AnyValue: {
    stringValue: [1, 'string'],
    boolValue: [2, 'bool'],
    intValue: [3, 'int64'],
    doubleValue: [4, 'double'],
    arrayValue: [5, 'ArrayValue'],
    kvlistValue: [6, 'KeyValueList'],
    bytesValue: [7, 'bytes'],
  },
  ArrayValue: { values: [1, 'AnyValue'] },
  KeyValueList: { values: [1, 'KeyValue'] },
  KeyValue: { key: [1, 'string'], value: [2, 'AnyValue'] },
} as const;

type MessageName = keyof typeof MESSAGES;

/** The protobuf of a message that is given in OTLP's JSON. */
export function toProtobuf(name: MessageName, message: object): Uint8Array {
  const fields: Record<string, readonly [number, MessageName | keyof typeof SCALARS]> = MESSAGES[name];
  const writer = new BinaryWriter();
  for (const [field, given] of Object.entries(message)) {
    const [number, type] = fields[field] ?? [];
    if (number === undefined || type === undefined) throw new Error(`${name} has no field ${field}`);
    for (const value of Array.isArray(given) ? given : [given]) {
      if (value === undefined) continue;
      if (type in MESSAGES) {
        writer.tag(number, LengthDelimited).bytes(toProtobuf(type as MessageName, value));
        continue;
      }
      const [wireType, write] = SCALARS[type as keyof typeof SCALARS];
      write(writer.tag(number, wireType), value);
    }
  }
  return writer.finish();
}

/** The partial success of an ExportLogsServiceResponse in protobuf. */
export function readPartialSuccess(response: Uint8Array): { rejected: number; errorMessage: string } {
  const partialSuccess = { rejected: 0, errorMessage: '' };
  if (response.length === 0) return partialSuccess;
  const outer = new BinaryReader(response);
  expectTag(outer, 1, LengthDelimited);
  const reader = new BinaryReader(outer.bytes());
  expectTag(reader, 1, Varint);
  partialSuccess.rejected = Number(reader.int64());
  expectTag(reader, 2, LengthDelimited);
  partialSuccess.errorMessage = reader.string();
  return partialSuccess;
}

function expectTag(reader: BinaryReader, number: number, wireType: WireType): void {
  const tag = reader.tag();
  if (tag[0] !== number || tag[1] !== wireType) throw new Error(`unexpected field ${tag}`);
}
