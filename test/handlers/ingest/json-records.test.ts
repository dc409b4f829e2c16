import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RawRecord } from '../../../handlers/ingest/check-and-store.ts';
import { type JsonForm, readRecords } from '../../../handlers/ingest/json-records.ts';
import { RUNS } from '../../support/arbitraries.ts';

/** Reads what has a `time`, and keeps what is around it. */
const FORM: JsonForm = {
  isEntry: (names) => names.includes('message'),
  isDated: (names) => names.includes('time'),
  parse: JSON.parse,
  toEntryValue: ({ value, envelope }) =>
    typeof value === 'object' && value !== null && 'time' in value
      ? { value: envelope ? { ...value, of: envelope.name, beside: `{${envelope.members}}` } : value }
      : { errors: [{ path: 'time', message: 'has no time' }] },
};

/** The value of each record, or the reason why it is refused. */
function read(body: string | Buffer): unknown[] {
  return Array.from(readRecords(Buffer.from(body), '', FORM), outcomeOf);
}

function outcomeOf(record: RawRecord): unknown {
  return 'errors' in record ? record.errors.map(({ message }) => message).join() : record.value;
}

const records = fc.dictionary(fc.string(), fc.jsonValue()).map((members) => ({ time: 1, ...members }));
const blanks = fc.string({ unit: fc.constantFrom(' ', '\n', '\r\n', '\t', '\u001e', '\uFEFF', '') });

describe('A body is a sequence of values', () => {
  test('with any blanks between, each written in any way', () => {
    const written = fc.tuple(fc.oneof(records, fc.array(records)), fc.nat(4), blanks);
    fc.assert(
      fc.property(fc.array(written, { minLength: 1 }), (values) => {
        const body = values.map(([value, indent, after]) => `${JSON.stringify(value, null, indent)}${after}`);
        const expected = values.flatMap(([value]) => value).map((value) => JSON.parse(JSON.stringify(value)));
        expect(read(body.join(''))).toEqual(expected);
      }),
      { numRuns: 100 * RUNS },
    );
  });

  test('of which damaged lines and text affect no other', () => {
    const text = ['Starting up ...', '[INFO] {"time":0}', '{"time":1,"a":"5" disk"}', '"', '\\', '{"a":1} b'];
    const cutOff = ['{"time":1,"a":"cut o', '{"time":1,', '{"time":[', '{"time":', '{"a":[{"b"', '{', '['];
    const lines = fc.oneof(
      ...[cutOff, ['}', ']', '{"a":1}}', '{"a":1}]}']].map((junk) =>
        fc.array(fc.constantFrom(...text, ...junk, '{"time":2}'), { minLength: 1 }),
      ),
    );
    fc.assert(
      fc.property(lines, fc.constantFrom('\n', '\r\n', '\n\n'), (all, newline) => {
        // A body that begins with an array of objects is read as one, so that it may be damaged.
        const outcomes = read(['text', ...all].join(newline));
        const good = all.filter((line) => line === '{"time":2}').length;
        expect(outcomes.filter((one) => JSON.stringify(one) === '{"time":2}')).toHaveLength(good);
      }),
      { numRuns: 500 * RUNS },
    );
  });

  test('of which a damaged one that is indented is one refusal', () => {
    const good = JSON.stringify({ time: 1, a: [{ b: [1] }] }, null, 2);
    const damaged = good.replace('"a"', '"a" disk"');
    expect(read([good, damaged, good].join('\n'))).toEqual([
      JSON.parse(good),
      expect.stringContaining('is not JSON'),
      JSON.parse(good),
    ]);
  });
});

describe('An envelope', () => {
  test('has records in all of its arrays, and what is beside them is around each', () => {
    const body =
      '{"meta":{"app":"shop"},"logs":[{"time":1}],"exceptions":[{"time":2}],"a":1,"events":[{"time":3}],"a":2.0}';
    const beside = '{"meta":{"app":"shop"},"a":1,"a":2.0}';
    expect(read(body)).toEqual([
      { time: 1, of: 'logs', beside },
      { time: 2, of: 'exceptions', beside },
      { time: 3, of: 'events', beside },
    ]);
  });

  test('may be in an array, on a line, in an envelope, or indented', () => {
    const inner = { common: 1, logs: [{ time: 1 }] };
    const outcome = { time: 1, of: 'logs', beside: '{"common":1}' };
    expect(read(JSON.stringify([inner, inner]))).toEqual([outcome, outcome]);
    expect(read(`${JSON.stringify(inner)}\n${JSON.stringify(inner)}`)).toEqual([outcome, outcome]);
    expect(read(JSON.stringify({ host: 'a', groups: [inner] }))).toEqual([
      { ...outcome, beside: '{"host":"a","common":1}' },
    ]);
    expect(read(JSON.stringify({ Records: [{ time: 1 }] }, null, 2))).toEqual([
      { time: 1, of: 'Records', beside: '{}' },
    ]);
  });

  test('of logs alone is none', () => {
    expect(read('{"logs":[{"time":1},7,{}]}')).toEqual([{ time: 1 }, 'has no time', 'has no time']);
  });

  test('names itself where an element is no record', () => {
    expect(read('{"Records":[{"time":1},"text",7,{"a":1}]}')).toEqual([
      { time: 1, of: 'Records', beside: '{}' },
      'is in `Records` of an envelope, but is no record: send objects',
      'is in `Records` of an envelope, but is no record: send objects',
      'is in `Records` of an envelope, and has no time',
    ]);
  });

  test('is around each refused record, so that nothing beside it is lost', () => {
    const [, refused] = readRecords(Buffer.from('{"host":"a","Records":[{"time":1}, {"b":1}]}'), '', FORM);
    expect(refused?.text()).toBe('{"Records":[{"b":1}],"host":"a"}');
  });

  test.each([
    ['{"Records":[{"eventSource":"aws:s3","s3":{}},{}]}', '`Records`'],
    ['{"kind":"List","items":[{"metadata":{}}]}', '`items`'],
    ['{"id":"7","events":[{"a":1}],"records":[{}]}', '`events`, `records`'],
    ['{"streams":[{"stream":{"app":"a"},"values":[["1","line"]]}]}', '`streams`'],
    [
      '{"message":{"data":"aGk=","messageId":"1","publishTime":"2026-11-28T10:00:06Z"},"subscription":"s"}',
      '`message`',
    ],
    ['{"source":"a","detail":{"time":1}}', '`detail`'],
  ])('without a time in its elements is one refusal: %s', (body, names) => {
    const sentence = `is an envelope of ${names}: send its members, each with a time and a message`;
    for (const text of [body, `[${body}]`, `text\n${body}`]) expect(read(text)).toContain(sentence);
    expect(read(body)).toHaveLength(1);
  });

  test.each([
    ['a record with arrays of objects', '{"time":1,"args":[{"time":2}]}', [{ time: 1, args: [{ time: 2 }] }]],
    ['a message without a time', '{"message":"m","tags":[{"a":1}]}', ['has no time']],
    ['an object of lists of texts', '{"tags":["a","b"]}', ['has no time']],
  ])('is not %s', (_, body, outcomes) => {
    expect(read(body)).toEqual(outcomes);
  });

  test('of OpenTelemetry is told where to go', () => {
    const body = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"time":1}]}]}]}';
    expect(read(`${body}\n${body}`)).toEqual(Array(2).fill('is OpenTelemetry (OTLP): send it to /v1/logs'));
  });

  test('of which a member is damaged loses nothing else', () => {
    expect(read('{"a":nul,"b":1,"logs":[{"time":1}]}')).toEqual([
      { time: 1, of: 'logs', beside: '{"b":1}' },
      'is beside the records of an envelope, but is no member in JSON',
    ]);
  });

  test('named logs is read whatever is in its array', () => {
    const form = { ...FORM, isDated: undefined, isEntry: (names: string[]) => names.includes('id') };
    const found = Array.from(readRecords(Buffer.from('{"logs":[0,"a",{"time":1}]}'), '', form), outcomeOf);
    expect(found).toEqual(['has no time', 'has no time', { time: 1 }]);
  });

  test('of entries alone, whose array a bracket ends too early, keeps what follows as refused', () => {
    const form = { ...FORM, isDated: undefined, isEntry: (names: string[]) => names.includes('id') };
    const body = '{"logs":[{"time":1}, no record },{, {"time":2}],"x":1}';
    const found = Array.from(readRecords(Buffer.from(body), '', form), (record) => record.text());
    expect(found).toEqual(['{"time":1}', 'no record', '{, {"time":2}]']);
  });

  test('is refused as a whole if its records are over 64 MiB with what is beside them', () => {
    const body = (size: number) =>
      JSON.stringify({ a: 'x'.repeat(size), logs: Array.from({ length: 1_000 }, () => ({ time: 1 })) });
    expect(() => read(body(70_000))).toThrow('64 MiB');
    expect(read(body(60_000))).toHaveLength(1_000);
  });

  test('gives every record of any arrays and every member beside them', () => {
    const names = fc.constantFrom('logs', 'events', 'Records', 'a', 'b');
    const arrays = fc.array(fc.tuple(names, fc.array(records, { minLength: 1, maxLength: 3 })), {
      minLength: 1,
    });
    const others = fc.array(fc.tuple(fc.constantFrom('meta', 'host', 'x'), fc.string()));
    fc.assert(
      fc.property(arrays, others, fc.nat(2), (lists, beside, indent) => {
        const members = [...beside, ...lists].map(
          ([name, value]) => `"${name}":${JSON.stringify(value, null, indent)}`,
        );
        const outcomes = read(`{${members.join(',')}}`) as { beside?: string }[];
        expect(outcomes).toHaveLength(lists.flatMap(([, list]) => list).length);
        const around = `{${beside.map(([name, value]) => `"${name}":${JSON.stringify(value)}`).join(',')}}`;
        for (const one of outcomes) if (one.beside !== undefined) expect(one.beside).toBe(around);
      }),
      { numRuns: 200 * RUNS },
    );
  });
});
