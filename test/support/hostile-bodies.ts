import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { VALUES_LIMIT } from '../../handlers/limits.ts';
import { entry } from './entries.ts';
import { ENCODINGS, exportRequest, logRecord } from './otlp.ts';

/** Ten times what a recursive function survives. */
const DEEPEST = 50_000;

/** Three times the limit of a record, and less than the limit of a request. */
const LONGEST_LIST = 3 * VALUES_LIMIT;

/** Short text that a service may stumble over, on one line. */
export const hostileText = fc.oneof(
  fc.json(),
  fc.constantFrom(
    'null',
    'true',
    '""',
    '{}',
    '[]',
    '-0',
    '1e400',
    '"\\ud800"',
    '"\\u0000"',
    '{"toString":1}',
    '{"__proto__":null}',
  ),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.constantFrom('}', ']', '"', '{"a', '},{', ']}', '\\', '\t', '\u0001', '\u00e9', '[[['),
);

/** JSON that a parser takes and a service may stumble over. Written as text: values could not say it all. */
const hostileValue = fc.oneof(
  fc.json(),
  fc.constantFrom('null', 'true', '0', '""', '{}', '[]', '[[]]', '-0', '1e400', '-1e-400', '9'.repeat(5_000)),
  // Half of a surrogate pair, NUL, a byte order mark, the ends of what UTF-8 writes.
  fc.constantFrom('"\\ud800"', '"\\udc00x"', '"\\u0000"', '"\u0000"', '"\uFEFF"', '"\u{10FFFF}"', '"\\u{1}"'),
  fc.constantFrom(
    '{"toString":1}',
    '{"__proto__":null}',
    '{"constructor":{"prototype":{}}}',
    '{"length":-1}',
  ),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.integer({ min: 1, max: DEEPEST }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.integer({ min: 1, max: DEEPEST }).map((depth) => `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`),
  fc.integer({ min: 1, max: DEEPEST }).map((depth) => '['.repeat(depth)),
  fc.integer({ min: 1, max: DEEPEST }).map((digits) => '9'.repeat(digits)),
  fc.integer({ min: 1, max: LONGEST_LIST }).map((values) => `[${'{},'.repeat(values)}0]`),
  fc
    .integer({ min: 1, max: LONGEST_LIST })
    .map((values) => `{"values":[${'{"key":"a"},'.repeat(values)}{}]}`),
);

const ENTRY_NAMES = [
  'id',
  'datetime',
  'severity',
  'message',
  'logs',
  '__proto__',
  'constructor',
  'toJSON',
  '',
];
const OTLP_NAMES = [
  'resourceLogs',
  'scopeLogs',
  'logRecords',
  'resource',
  'scope',
  'timeUnixNano',
  'observedTimeUnixNano',
  'severityNumber',
  'severityText',
  'body',
  'attributes',
  'key',
  'value',
  'stringValue',
  'intValue',
  'doubleValue',
  'bytesValue',
  'arrayValue',
  'kvlistValue',
  'values',
  'traceId',
];

/** Objects that have the names of real ones, some twice, and anything as their values. */
function objectsOf(names: string[]): fc.Arbitrary<string> {
  const nested: fc.Memo<string> = fc.memo((depth) =>
    depth <= 1
      ? hostileValue
      : fc.oneof(
          hostileValue,
          fc.array(nested(depth - 1), { maxLength: 3 }).map((values) => `[${values.join(',')}]`),
          fc
            .array(fc.tuple(fc.constantFrom(...names), nested(depth - 1)), { maxLength: 4 })
            .map((members) => `{${members.map(([name, value]) => `"${name}":${value}`).join(',')}}`),
        ),
  );
  return nested(6);
}

const goodBodies = fc
  .constantFrom(
    JSON.stringify(entry()),
    JSON.stringify([entry(), entry()]),
    `${JSON.stringify(entry())}\n${JSON.stringify(entry())}`,
    JSON.stringify({ logs: [entry()] }),
    JSON.stringify(exportRequest([logRecord(), logRecord()])),
    ENCODINGS['application/x-protobuf'].encode(exportRequest([logRecord(), logRecord()])),
    ENCODINGS['application/x-protobuf'].encode(
      exportRequest([logRecord({ body: { kvlistValue: { values: Array(LONGEST_LIST).fill({}) } } })]),
    ),
    JSON.stringify({ ...entry(), attributes: { a: [1, { b: 'c' }] } }),
    JSON.stringify({ time: Date.now(), level: 30, msg: 'm' }),
  )
  .map((body) => Buffer.from(body));

/** A good body of which a part is cut off, overwritten or repeated. */
const damagedBodies = fc
  .tuple(goodBodies, fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 20 }))
  .map(([body, first, second, filling]) => {
    const [from = 0, to = 0] = [first % body.length, second % body.length].sort((a, b) => a - b);
    return Buffer.concat([body.subarray(0, from), filling, body.subarray(to)]);
  });

const texts = fc.oneof(objectsOf(ENTRY_NAMES), objectsOf(OTLP_NAMES));

const plainBodies = fc.oneof(
  texts.map((text) => Buffer.from(text)),
  fc.array(texts, { maxLength: 4 }).map((lines) => Buffer.from(`\uFEFF${lines.join('\n')}`)),
  texts.map((text) => Buffer.from(text, 'utf16le')),
  damagedBodies,
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

/** A body, as it is, as gzip, or as gzip that is damaged; to either resource, under any Content-Type. */
export const hostileRequests = fc.record({
  path: fc.constantFrom('/logs', '/v1/logs', '/v1/json'),
  contentType: fc.constantFrom(
    'application/json',
    'application/x-protobuf',
    'application/msgpack',
    'text/plain; charset=utf-16',
    'application/x-www-form-urlencoded',
  ),
  body: fc.oneof(
    { weight: 4, arbitrary: plainBodies },
    { weight: 1, arbitrary: plainBodies.map((body) => gzipSync(body)) },
    { weight: 1, arbitrary: fc.tuple(plainBodies, fc.nat()).map(([body, at]) => damage(gzipSync(body), at)) },
  ),
});

/** Gzip with one byte changed after its magic bytes. */
function damage(gzip: Buffer, at: number): Buffer {
  const damaged = Buffer.from(gzip);
  const position = 2 + (at % (gzip.length - 2));
  damaged.writeUInt8(gzip.readUInt8(position) ^ 0xff, position);
  return damaged;
}
