import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseExactly } from '../../../../entities/json-text.ts';
import { toEntryValue } from '../../../../handlers/ingest/loggers/to-entry-value.ts';
import { RUNS } from '../../../support/arbitraries.ts';

const TIME = '2023-11-15T12:05:00.123Z';

/** What a record becomes. Its attributes are JSON as it was sent. */
function read(json: string, envelope?: { name: string; members: string }) {
  const record = { value: parseExactly(json), json, envelope };
  const result = toEntryValue(record, (sequence) => `${sequence}derived`);
  if ('errors' in result) throw new Error(result.errors[0]?.message);
  const value = result.value as { id: string; datetime: string; severity: string; message: string };
  return { ...value, attributes: result.attributes?.() ?? '{}' };
}

describe('Of several members of one name', () => {
  test('the first that is a plausible time is the time, and the others are attributes', () => {
    expect(
      read('{"level":30,"time":1700049900123,"time":5.2,"url":"/x","msg":"request took"}'),
    ).toMatchObject({
      datetime: TIME,
      severity: 'info',
      message: 'request took',
      attributes: '{"time":5.2,"url":"/x"}',
    });
    expect(read('{"level":30,"time":5.2,"time":1700049900123,"msg":"m"}')).toMatchObject({
      datetime: TIME,
      attributes: '{"time":5.2}',
    });
  });

  test('two that are the seconds and the nanoseconds of one time are the time', () => {
    expect(read('{"timestampNanos":123000000,"timestampSeconds":1700049900,"msg":"m"}')).toMatchObject({
      datetime: TIME,
      attributes: '{"timestampNanos":123000000}',
    });
  });

  test.each(['created', 'requestTimeEpoch', 'started_at', 'epochMillis', 'unix_time'])(
    'a usual name that is not named for time is one: %s',
    (name) => {
      expect(read(`{"${name}":1700049900123,"msg":"m"}`)).toMatchObject({ datetime: TIME });
      expect(read(`{"${name}":1700049900000,"@timestamp":"${TIME}"}`)).toMatchObject({ datetime: TIME });
    },
  );

  test('no more than 20 are tried as the time', () => {
    const times = (count: number) => '"time":"soon",'.repeat(count);
    expect(read(`{${times(19)}"time":"${TIME}","msg":"m"}`)).toMatchObject({ datetime: TIME });
    expect(() => read(`{${times(100_000)}"time":"${TIME}","msg":"m"}`)).toThrow('is not a time');
  });

  test('the first that is a severity is the severity', () => {
    expect(read(`{"time":"${TIME}","level":50,"level":"gold","msg":"m"}`)).toMatchObject({
      severity: 'error',
      attributes: '{"level":"gold"}',
    });
    expect(read(`{"time":"${TIME}","level":"gold","level":"warn","msg":"m"}`)).toMatchObject({
      severity: 'warning',
      attributes: '{"level":"gold"}',
    });
  });

  test('the first that is a text is the message', () => {
    expect(read(`{"time":"${TIME}","msg":"a","msg":"b","msg":"a"}`)).toMatchObject({
      message: 'a',
      attributes: '{"msg":"b","msg":"a"}',
    });
    expect(read(`{"time":"${TIME}","msg":{"a":1},"msg":"b"}`)).toMatchObject({
      message: 'b',
      attributes: '{"msg":{"a":1}}',
    });
  });

  test('the first that can be an id is the id', () => {
    expect(read(`{"time":"${TIME}","id":{"a":1},"id":"own","id":"other","msg":"m"}`)).toMatchObject({
      id: 'own',
      attributes: '{"id":{"a":1},"id":"other"}',
    });
  });

  test('each attribute stays as it was sent', () => {
    const attributes = '"n":1.50,"n":12345678901234567890,"n":{"a" :[ ]},"\\u006e":null';
    expect(read(`{"time":"${TIME}",${attributes},"msg":"m"}`).attributes).toBe(`{${attributes}}`);
  });
});

describe('Of several names for one meaning', () => {
  test.each([
    ['{"time":"12:00:01","timestamp":"2023-11-15T12:05:00.123Z","msg":"m"}', '{"time":"12:00:01"}'],
    ['{"ts":7,"date":"2023-11-15T12:05:00.123Z","msg":"m"}', '{"ts":7}'],
    [
      '{"datetime":"2024-01-01T00:00:00Z","time":1700049900123,"msg":"m"}',
      '{"datetime":"2024-01-01T00:00:00Z"}',
    ],
    ['{"@timestamp":"2024-01-01T00:00:00Z","timestamp":"2023-11-15T12:05:00.123Z","msg":"m"}', null],
    ['{"time":false,"eventTime":"2023-11-15T12:05:00.123Z","msg":"m"}', '{"time":false}'],
    ['{"time":"9999-01-01T00:00:00Z","ts":1700049900123,"msg":"m"}', '{"time":"9999-01-01T00:00:00Z"}'],
  ])('the first that is a plausible time counts: %s', (json, attributes) => {
    const entry = read(json);
    expect(entry).toMatchObject({ datetime: TIME });
    if (attributes) expect(entry.attributes).toBe(attributes);
  });

  test('a time before 2000 counts if nothing else is a time', () => {
    expect(read('{"time":5,"date":"yesterday","msg":"m"}')).toMatchObject({
      datetime: '1970-01-01T00:00:05Z',
    });
  });

  test.each([
    ['{"severity":"","level":"error"', 'error'],
    ['{"severity":"gold","level":"error"', 'error'],
    ['{"severity":null,"level":{"value":{}},"levelname":"WARNING"', 'warning'],
    ['{"error_severity":"FATAL"', 'error'],
    ['{"log.level":"warn"', 'warning'],
    ['{"log":{"level":"warn"}', 'warning'],
    ['{"context":{"logLevel":50}', 'error'],
    ['{"level":{"level":40000,"levelStr":"ERROR","colour":"red"}', 'error'],
    ['{"level":"\\u001b[31merror\\u001b[39m"', 'error'],
    ['{"level":40.0', 'warning'],
    ['{"level":0,"type":"error","args":["a"]', 'error'],
    ['{"level":"4","ProviderName":"SCM"', 'info'],
    ['{"PRIORITY":"3"', 'error'],
    ['{"severityLevel":2', 'warning'],
    ['{"intLevel":200', 'error'],
    ['{"levelno":30', 'warning'],
    ['{"level":3', 'info'],
    ['{"priority":"high"', 'info'],
    ['{"note":"ERROR: 3 errors"', 'info'],
  ])('the first that is a severity counts: %s}', (members, severity) => {
    expect(read(`${members},"time":"${TIME}","msg":"an error, fatal"}`)).toMatchObject({ severity });
  });
});

describe('The message is', () => {
  test.each([
    ['the first name that holds a text', '"message":{"text":"inner"},"msg":"outer"', 'outer'],
    ['a number if that is the message', '"msg":5', '5'],
    ['Google’s textPayload', '"textPayload":"t","severity":"ERROR"', 't'],
    ['the text within jsonPayload', '"jsonPayload":{"message":"m","a":1}', 'm'],
    [
      'the JSON of an object without a text',
      '"protoPayload":{"methodName":"Set", "n":1.50}',
      '{"methodName":"Set", "n":1.50}',
    ],
    ['Falco’s output', '"output":"o","rule":"r"', 'o'],
    ['Lambda’s errorMessage', '"message":null,"errorMessage":"e"', 'e'],
    ['the text in an object of Lambda', '"message":{"errorType":"E","errorMessage":"e"}', 'e'],
    ['the text of an error', '"err":{"type":"Error","message":"boom","stack":"s"}', 'boom'],
    ['the arguments of consola', '"args":["done",{"n":1}],"type":"info","level":3', 'done {"n":1}'],
    ['the JSON of what was not used', '"action":"login","level":"info","user":null', '{"action":"login"}'],
    ['empty only if nothing is said', '"msg":"","level":"info"', ''],
  ])('%s: %s', (_, members, message) => {
    expect(read(`{"time":"${TIME}",${members}}`)).toMatchObject({ message });
  });

  test('cut if it is made of many attributes, which are all kept', () => {
    const entry = read(`{"time":"${TIME}","payload":"${'x'.repeat(100_000)}"}`);
    expect(entry.message.length).toBeLessThan(10_000);
    expect(entry.attributes.length).toBeGreaterThan(100_000);
  });
});

describe('A JSON line in a text is the record', () => {
  test('if no severity is beside it, and what is around it are attributes', () => {
    const line = JSON.stringify({ level: 'ERROR', msg: 'inner', time: TIME, order: 7 });
    const outer = { id: 'e1', timestamp: 1_600_000_000_000, message: line, log_group: '/aws/lambda/a' };
    expect(read(JSON.stringify(outer))).toEqual({
      id: 'e1',
      datetime: TIME,
      severity: 'error',
      message: 'inner',
      attributes: '{"timestamp":1600000000000,"log_group":"/aws/lambda/a","order":7}',
    });
  });

  test('and takes the time of the outer record if it has none', () => {
    const record = { time: TIME, log: '{"level":30,"msg":"inner"}\n', stream: 'stdout' };
    expect(read(JSON.stringify(record))).toMatchObject({
      datetime: TIME,
      severity: 'info',
      message: 'inner',
      attributes: '{"stream":"stdout"}',
    });
  });

  test.each([
    ['a severity is beside it', { level: 'info' }, '{"level":"error","msg":"inner"}'],
    ['it is damaged', {}, '{"level":"error","msg":"inner"'],
    ['it says nothing that an entry has', {}, '{"a":1}'],
  ])('but stays a text if %s', (_, members, msg) => {
    expect(read(JSON.stringify({ time: TIME, ...members, msg }))).toMatchObject({
      severity: 'info',
      message: msg,
    });
  });
});

describe('A record', () => {
  test('has the members of its envelope as attributes, and its own last', () => {
    const envelope = { name: 'logs', members: '"app":"a","n":1.0' };
    expect(read(`{"time":"${TIME}","msg":"m","n":2}`, envelope).attributes).toBe('{"app":"a","n":1.0,"n":2}');
  });

  test.each([
    ['sequence', '"7"', '00000000000000000007derived'],
    ['log.offset', '12345', '00000000000000012345derived'],
    ['offset', '-1', 'derived'],
  ])('with a number of its own keeps its order within an instant: %s %s', (name, number, id) => {
    expect(read(`{"time":"${TIME}","msg":"m","${name}":${number}}`)).toMatchObject({ id });
  });

  test.each([
    ['{"level":"info","msg":"m"}', /has no time/],
    ['{"msg":"m","at":{"shop":"a"}}', /has no time/],
    ['{"msg":"m","at":"x"}', /has no time/],
    ['{"msg":"m","date":"x"}', /is not a time/],
    ['{"asctime":"2023-11-15 12:05:00,494","message":"m"}', /zone/],
  ])('without a time is refused with a reason: %s', (json, reason) => {
    expect(() => read(json)).toThrow(reason);
  });
});

/** Names with and without a role, and values that are and are not what the name says. */
const members = fc.array(
  fc.tuple(
    fc.constantFrom(
      'time',
      'timestamp',
      'ts',
      'level',
      'severity',
      'msg',
      'message',
      'log',
      'id',
      'a',
      'context',
    ),
    fc.constantFrom(
      ...[
        `"${TIME}"`,
        '1700049900123',
        '5.2',
        '"gold"',
        '"error"',
        '"WARN"',
        '50',
        '3',
        '"text"',
        'null',
        '""',
      ],
      ...[
        'true',
        '{"level":"fatal"}',
        '{"level":"info"}',
        '{"message":"inner"}',
        '["a"]',
        '12345678901234567890',
      ],
    ),
  ),
  { maxLength: 8 },
);
const toJson = (all: [string, string][]) => `{${all.map(([name, value]) => `"${name}":${value}`).join(',')}}`;

describe('Whatever a record has,', () => {
  test('each member is used once or is an attribute as it was sent', () => {
    fc.assert(
      fc.property(members, (drawn) => {
        const all: [string, string][] = [['time', `"${TIME}"`], ...drawn];
        const entry = read(toJson(all));
        const sent = all.map(([name, value]) => `"${name}":${value}`);
        const kept = all.filter(([name, value]) => entry.attributes.includes(`"${name}":${value}`));
        expect(sent.length - kept.length).toBeLessThanOrEqual(4);
        const rebuilt = sent.filter((member) => entry.attributes.includes(member)).join(',');
        expect(JSON.parse(entry.attributes)).toEqual(JSON.parse(`{${rebuilt}}`));
      }),
      { numRuns: 500 * RUNS },
    );
  });

  test('the order of members with different names does not matter', () => {
    const shuffled = members
      .map((drawn): [string, string][] => [...new Map([...drawn, ['date', `"${TIME}"`]])])
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const [a, b] = [read(toJson(one)), read(toJson(other))];
        expect(JSON.parse(b.attributes)).toEqual(JSON.parse(a.attributes));
        const isMade = a.message.startsWith('{');
        expect({ ...b, attributes: '', ...(isMade && { message: a.message }) }).toEqual({
          ...a,
          attributes: '',
        });
      }),
      { numRuns: 500 * RUNS },
    );
  });
});
