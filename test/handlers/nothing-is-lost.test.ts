import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RUNS } from '../support/arbitraries.ts';
import { entry } from '../support/entries.ts';
import { hostileText } from '../support/hostile-bodies.ts';
import { getAll } from '../support/http.ts';
import { ENCODINGS, exportRequest, type OtlpContentType, postOtlpBytes } from '../support/otlp.ts';
import { type Service, startService } from '../support/service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

let made = 0;

/** A text that occurs nowhere else. */
function newMark(): string {
  made++;
  return `mark-${made}-end`;
}

/** Everything that can be read, as text. */
async function readAll(): Promise<string> {
  const pages = ['/logs?limit=1000', '/dead-letters?limit=1000'].map((path) => getAll(service.url, path));
  const values: unknown[] = (await Promise.all(pages)).flat();
  return values.map((value) => JSON.stringify(value)).join('\n');
}

/** A record with a mark and a time in seconds: a valid one, one with anything in it, or text that is no record. */
const RECORDS: ((mark: string, anything: string, time: number) => string)[] = [
  (mark, _, time) => JSON.stringify(entry({ message: mark, datetime: new Date(time * 1000).toISOString() })),
  (mark, _, time) => JSON.stringify({ time: time * 1000, level: 30, msg: mark }),
  (mark, anything) => `{"mark":"${mark}","id":${anything}}`,
  (mark, anything, time) => `{"time":${time},"mark":"${mark}","a":${anything}}`,
  (mark, anything, time) => `{"time":${time},"msg":"${mark}","level":${anything}}`,
  (mark, anything, time) => `{"a":${anything},"msg":{"mark":"${mark}"},"time":${anything},"ts":${time}}`,
  (mark, anything, time) => `{"beside":"${mark}","a":[{"time":${time}},${anything}]}`,
  (mark, anything, time) => `{"a":{"${mark}":${anything}},"b":[{"time":${time}}],"c":[{"msg":"c"}]}`,
  (mark, anything) => `{"message":"${mark}","logs":[{"a":${anything}}]}`,
  (mark) => `{"message":"${mark}","logs":[]}`,
  (mark, _, time) => JSON.stringify({ time, msg: { a: [mark] } }, null, 2),
  (mark, anything) => `${mark} ${anything}`,
  (mark) => `[${mark}] starting`,
  (mark) => `{"message":"${mark} 5" disk"}`,
  (mark) => `{"message":"${mark}`,
  (mark) => `{\n  "a": {\n    "message": "${mark}",\n    "b": "5" disk"\n  }\n}`,
  (mark) => `{"a":"${mark}"}{"b":1}`,
];

const FORMS: ((records: string[]) => string)[] = [
  (records) => records.join('\n'),
  (records) => records.join(' '),
  (records) => `\uFEFF${records.join('\r\n')}\r\n`,
  (records) => `[${records.join(',')}]`,
  (records) => `[${records.join(',\n')}`,
  (records) => `{"logs":[${records.join(', ')}]}`,
  (records) => `{"a":1,"Records":[${records.join(',\n')}]}`,
  (records) => `[nodemon] starting\n${records.join('\n')}`,
];

const bodies = fc.record({
  path: fc.constantFrom('/logs', '/v1/json'),
  records: fc.array(fc.tuple(fc.constantFrom(...RECORDS), hostileText), { minLength: 1, maxLength: 5 }),
  form: fc.constantFrom(...FORMS),
});

/** What has probably become of a request: the entries of two seconds, and what was refused last. */
async function readLatest(time: number): Promise<string> {
  const [from, to] = [time, time + 2].map((second) => new Date(second * 1000).toISOString());
  const pages = [`/logs?from=${from}&to=${to}&limit=1000`, '/dead-letters?limit=100'];
  const answers = await Promise.all(pages.map((path) => fetch(service.url + path)));
  return (await Promise.all(answers.map((answer) => answer.text()))).join('\n');
}

test('No body of entries is answered 2xx while a record of it is neither stored nor a dead letter', async () => {
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(bodies, async ({ path, records, form }) => {
      const time = 1_700_049_900 + 2 * made;
      const sent = records.map(([write, anything]) => ({ mark: newMark(), write, anything }));
      // POST /logs ignores what is beside the fields of an entry, and beside logs.
      const isKept = (record: string) => path !== '/logs' || !record.includes('"logs"');
      const written = sent.map(({ mark, write, anything }) => ({
        mark,
        record: write(mark, anything, time),
      }));
      const body = form(written.map(({ record }) => record));
      const response = await fetch(service.url + path, { method: 'POST', body });
      await response.arrayBuffer();
      statuses.add(response.status);
      expect(response.status).toBeLessThan(500);
      if (!response.ok) return;
      const latest = await readLatest(time);
      let lost = written.filter(({ mark, record }) => isKept(record) && !latest.includes(mark));
      const all = lost.length > 0 ? await readAll() : '';
      lost = lost.filter(({ mark }) => !all.includes(mark));
      expect({ body, lost: lost.map(({ record }) => record) }).toEqual({ body, lost: [] });
    }),
    { numRuns: 300 * RUNS },
  );
  expect(statuses).toContain(200);
});

const markedRecords = fc.record({
  time: fc.constantFrom('1700049900123456789', '0', '18000000000000000000'),
  place: fc.constantFrom('body', 'nested body', 'attribute', 'event', 'trace'),
});

function otlpRecord(mark: string, { time, place }: { time: string; place: string }): object {
  const value = { stringValue: mark };
  const places: Record<string, object> = {
    body: { body: value },
    'nested body': { body: { kvlistValue: { values: [{ key: 'a', value }] } } },
    attribute: { attributes: [{ key: 'a', value: { arrayValue: { values: [value] } } }] },
    event: { eventName: mark },
    trace: { severityText: mark },
  };
  return { timeUnixNano: time, ...places[place] };
}

test('No OTLP request is answered 2xx while anything in it is neither stored nor a dead letter', async () => {
  const marks: string[] = [];
  const requests = fc.record({
    contentType: fc.constantFrom(...(Object.keys(ENCODINGS) as OtlpContentType[])),
    records: fc.array(markedRecords, { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(requests, async ({ contentType, records }) => {
      const sent = records.map((record) => ({ mark: newMark(), record }));
      const ofResource = newMark();
      const request = exportRequest(
        sent.map(({ mark, record }) => otlpRecord(mark, record)),
        ofResource,
      );
      const encoded = ENCODINGS[contentType].encode(request);
      const response = await postOtlpBytes(service.url, contentType, encoded);
      expect(response.status).toBe(200);
      const { rejected } = ENCODINGS[contentType].readPartialSuccess(
        Buffer.from(await response.arrayBuffer()),
      );
      expect(rejected).toBe(records.filter(({ time }) => time !== '1700049900123456789').length);
      marks.push(...sent.map(({ mark }) => mark));
      // A refused record is kept without its resource.
      if (rejected < records.length) marks.push(ofResource);
    }),
    { numRuns: 100 * RUNS },
  );
  const read = await readAll();
  expect(marks.filter((mark) => !read.includes(mark))).toEqual([]);
});
