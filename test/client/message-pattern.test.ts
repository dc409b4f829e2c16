import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fixedTextsOf, patternOf } from '../../client/message-pattern.ts';
import { RUNS, texts } from '../support/arbitraries.ts';

describe('The pattern of a message', () => {
  test.each([
    ['order 4711 took 12.5 ms', 'order * took * ms'],
    ['offset -3, then +3', 'offset *, then *'],
    ['job worker-7 is at step 3 of 10', 'job worker-* is at step * of *'],
    ['from 10.0.0.1:8080 to [2001:db8::1]', 'from * to [*]'],
    ['at 2024-05-01T12:00:00.123Z and 2024-05-01 12:00:00,5', 'at * and *'],
    ['id 0b6f5a3e-9d0c-4c57-8f4e-1d2c3b4a5968 gone', 'id * gone'],
    ['trace 4bf92f3577b34da6a3ce929d0e0e4736', 'trace *'],
    ['key 01ARZ3NDEKTSV4RRFFQ69G5FAV at 0xff', 'key * at *'],
    ['mail to ann.b@example.com bounced', 'mail to * bounced'],
    ['user "ann" has no role \'admin\' in `db`', 'user * has no role * in *'],
    ["can't open, won't retry", "can't open, won't retry"],
    ['ids 1, 2, 3 and 4', 'ids * and *'],
    ['std::vector and abc::def are names', 'std::vector and abc::def are names'],
    ['\u001b[31mfailed\u001b[0m after 3', 'failed after *'],
    ['\n  Error: at 3\n  at a.js:1', 'Error: at *'],
    ['10.0.0.1 - - [x] "GET /orders/7 HTTP/1.1" 200 5 "-" "curl/8"', '* - - [x] "GET /orders/* HTTP/*" *'],
    ['{"level":"warn","msg":"order 7 late","id":9}', 'order * late'],
    ['{"b":1,"a":{"c":2}}', '{"b":*,"a":*}'],
    ['{not JSON 7}', '{not JSON *}'],
    ['level=info msg="order 7 late" id=9', 'order * late'],
    ['level=info msg=late id=9', 'late'],
    ['', ''],
  ])('of %j is %j', (message, pattern) => {
    expect(patternOf(message)).toBe(pattern);
  });

  test('is the same whatever number, id, address or quoted text it has', () => {
    const values = fc.oneof(
      fc.nat().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e6 }).map((one) => one.toFixed(3)),
      fc.uuid(),
      fc.ipV4(),
      fc.ipV6().filter((one) => /\d/.test(one) && !one.includes('.')),
      fc.ulid(),
      fc
        .string({ unit: fc.constantFrom('a', 'b', ' ', "'", '7', 'é'), maxLength: 8 })
        .map((one) => `"${one}"`),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((one) => one.toISOString()),
    );
    fc.assert(
      fc.property(values, values, (one, other) => {
        expect(patternOf(`order ${one} is late`)).toBe('order * is late');
        expect(patternOf(`from (${one}) to (${other})`)).toBe('from (*) to (*)');
      }),
      { numRuns: 500 * RUNS },
    );
  });

  test('is one short line for any text, and what is searched for is in the message', () => {
    const logLike = fc.string({
      unit: fc.constantFrom('"', '\\', '{', '}', ':', 'word', '7', ' ', '\n', '\u001b[1m'),
    });
    fc.assert(
      fc.property(fc.oneof(texts, logLike, fc.json()), (message) => {
        expect(patternOf(message)).not.toContain('\n');
        for (const fixed of fixedTextsOf(message)) expect(message).toContain(fixed);
      }),
      { numRuns: 1_000 * RUNS },
    );
    expect(patternOf('word '.repeat(100_000)).length).toBeLessThanOrEqual(300);
  });
});

describe('What a pattern is searched for by', () => {
  test.each([
    ['payment 7 failed: certificate has expired', ['payment', 'failed: certificate has expired']],
    ['one two 1 three four 2 five six 3 seven', ['one two', 'three four', 'five six']],
    ['{"level":"warn","msg":"say \\"no\\" to order 7"}', ['to order']],
    ['{"msg":"path C:\\\\temp 7"}', ['path C:\\\\temp']],
    ['{"duration":1,"up":true}', ['"duration"', '"up"']],
    ['\u001b[31mfailed\u001b[0m after 3', ['failed', 'after']],
    ['12 34', []],
  ])('of %j is %j', (message, fixed) => {
    expect(fixedTextsOf(message)).toEqual(fixed);
  });
});
