import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogEntry } from '../../entities/entry.ts';
import { attributes as anyAttributes, RUNS } from '../support/arbitraries.ts';
import { entry } from '../support/entries.ts';
import { get, getAll, nextLink, post } from '../support/http.ts';
import { newestFirst } from '../support/oracle.ts';
import { type Service, startService } from '../support/service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const textOf = async (path: string) => (await fetch(service.url + path)).text();

describe('The attributes of an entry', () => {
  test('come back as they were sent', async () => {
    await fc.assert(
      fc.asyncProperty(anyAttributes, async (attributes) => {
        const sent = entry({ attributes });
        expect((await post(service.url, sent)).status).toBe(200);
        expect(await textOf(`/logs/${sent.id}`)).toBe(`[${JSON.stringify(sent)}]`);
      }),
      { numRuns: 50 * RUNS },
    );
  });

  test.each([
    ['digits beyond a double', '{"n":12345678901234567890,"f":0.10,"big":1e400,"zero":-0}'],
    ['keys in their order, numbers too', '{"b":1,"10":2,"9":3,"a":4}'],
    ['escapes and halves of characters', '{"a":"\\u00e9\\/\\ud800","\\"":"\\\\"}'],
    ['a key that every object inherits', '{"__proto__":{"a":1},"constructor":null}'],
    ['nothing', '{}'],
  ])('keep %s', async (_, attributes) => {
    const { id, ...fields } = entry();
    const start = JSON.stringify({ id, ...fields }).slice(0, -1);
    await post(service.url, `${start}, "attributes" : ${attributes} }`);
    expect(await textOf(`/logs/${id}`)).toBe(`[${start},"attributes":${attributes}}]`);
  });

  test('lose only the white space between their tokens', async () => {
    const { id, ...fields } = entry();
    const json = JSON.stringify({ id, ...fields, attributes: { 'a b': [' x\t', { c: 1 }] } }, null, 4);
    await post(service.url, json);
    expect(await textOf(`/logs/${id}`)).toContain('"attributes":{"a b":[" x\\t",{"c":1}]}}');
  });

  test('whose name is escaped are found too', async () => {
    const { id, ...fields } = entry();
    await post(service.url, `${JSON.stringify({ id, ...fields }).slice(0, -1)},"\\u0061ttributes":{"a":1}}`);
    expect(await get(service.url, `/logs/${id}`)).toEqual([{ id, ...fields, attributes: { a: 1 } }]);
  });

  test('are content: entries that differ only in them are both kept, and a repeat is not', async () => {
    const plain = entry({ id: 'differ' });
    const all = [plain, { ...plain, attributes: {} }, { ...plain, attributes: { a: 1 } }];
    await post(service.url, all);
    await post(service.url, all);
    expect(new Set((await get(service.url, '/logs/differ')).map((one) => JSON.stringify(one)))).toEqual(
      new Set(all.map((one) => JSON.stringify(one))),
    );
  });

  test.each([
    ['the longest message', '\u0001'.repeat(256 * 1024)],
    ['a short message', 'TypeError'],
  ])('may have 400,000 bytes together with %s', async (_, message) => {
    const filling = 'é'.repeat(Math.floor((400_000 - message.length - '{"a":""}'.length) / 2));
    // The longest key: each byte of this id is escaped.
    const id = `${message.length}`.padEnd(256, ' ');
    const largest = entry({ id, message, attributes: { a: filling } });
    expect((await post(service.url, largest)).status).toBe(200);
    expect(await get(service.url, `/logs/${encodeURIComponent(id)}`)).toEqual([largest]);
    const larger = await post(service.url, { ...largest, attributes: { a: `${filling}xx` } });
    expect(larger.status).toBe(400);
    expect(await larger.text()).toContain('400000 bytes of JSON together with the message');
  });

  test('may have a stack trace of 94 KB', async () => {
    const attributes = { error: { stack_trace: '\tat com.example.Main.run(Main.java:7)\n'.repeat(2_500) } };
    const sent = [entry({ severity: 'error', attributes }), entry()];
    expect(await (await post(service.url, sent)).json()).toEqual({ accepted: 2, rejected: [] });
    expect(await get(service.url, `/logs/${sent[0]?.id}`)).toEqual([sent[0]]);
  });
});

describe('A list of the entries with an attribute', () => {
  const at = (second: number) => `2022-05-01T00:00:0${second}Z`;
  const sent = [
    entry({ datetime: at(1), attributes: { 'service.name': 'checkout', http: { status: 500 } } }),
    entry({ datetime: at(2), attributes: { service: { name: 'checkout' } }, severity: 'error' }),
    entry({ datetime: at(3), attributes: { 'service.name': 'cart', http: { status: 500 } } }),
    entry({ datetime: at(4) }),
    entry({ datetime: at(5), message: 'disk full', attributes: { 'service.name': 'checkout' } }),
  ];
  const span = `from=${at(1)}&to=${at(6)}`;
  const found = async (query: string) =>
    (await getAll(service.url, `/logs?${span}&${query}`)).map(({ datetime }) => datetime);
  beforeAll(() => post(service.url, sent));

  test('has those whose value has the text, under the key or nested', async () => {
    expect(await found('attributes[service.name]=checkout')).toEqual([at(5), at(2), at(1)]);
    expect(await found('attributes%5Bhttp.status%5D=500')).toEqual([at(3), at(1)]);
    expect(await found('attributes[service.name]=nowhere')).toEqual([]);
  });

  test('combines with all other filters', async () => {
    expect(await found('attributes[service.name]=checkout&attributes[http.status]=500')).toEqual([at(1)]);
    expect(await found('attributes[service.name]=checkout&attributes[service.name]=cart')).toEqual([]);
    expect(await found('attributes[service.name]=checkout&severity=error')).toEqual([at(2)]);
    expect(await found('attributes[service.name]=checkout&contains=disk')).toEqual([at(5)]);
  });

  test('or without it has also those that have no attributes', async () => {
    expect(await found('excludedAttributes[service.name]=checkout')).toEqual([at(4), at(3)]);
    expect(await found('excludedAttributes[http.status]=500')).toEqual([at(5), at(4), at(2)]);
    expect(
      await found('excludedAttributes[http.status]=500&excludedAttributes[service.name]=checkout'),
    ).toEqual([at(4)]);
    expect(await found('attributes[http.status]=500&excludedAttributes[service.name]=cart')).toEqual([at(1)]);
    expect(await found('excludedAttributes[service.name]=cart&severity=info&excludes=disk')).toEqual([
      at(4),
      at(1),
    ]);
  });

  test('has those whose message is a JSON object with it as a member', async () => {
    const json = (datetime: string, message: string, attributes?: LogEntry['attributes']) =>
      entry({ datetime, message, attributes });
    const day = '2022-05-02T00:00:0';
    await post(service.url, [
      json(`${day}1Z`, '{"n": 1, "order": {"id": "order-4711"}}'),
      json(`${day}2Z`, '{"n":1}', { a: 2 }),
      json(`${day}3Z`, '{"n":12}'),
      json(`${day}4Z`, 'n=1 {"n":1}'),
    ]);
    const among = async (query: string) =>
      (await get(service.url, `/logs?from=2022-05-02T00:00:00Z&to=2022-05-03T00:00:00Z&${query}`)).map(
        ({ datetime }) => Number(datetime.at(-2)),
      );
    expect(await among('attributes[n]=1')).toEqual([2, 1]);
    expect(await among('excludedAttributes[n]=1')).toEqual([4, 3]);
    expect(await among('attributes[n]=1&excludedAttributes[a]=2')).toEqual([1]);
    expect(await among('attributes[order.id]=order-4711')).toEqual([1]);
  });

  test.each([
    ['attributes', [0, 1, 4]],
    ['excludedAttributes', [2, 3]],
  ])('is read page by page, each link with its %s', async (parameter, wanted) => {
    const name = `${parameter}[service.name]`;
    const query = `${span}&${name}=checkout&limit=1`;
    expect(await getAll(service.url, `/logs?${query}`)).toEqual(
      newestFirst(wanted.map((index) => sent[index] ?? entry())),
    );
    const next = new URL(nextLink(await fetch(`${service.url}/logs?${query}`)) ?? '');
    expect(next.searchParams.get(name)).toBe('checkout');
    next.searchParams.set(name, 'cart');
    expect((await fetch(next)).status).toBe(400);
  });
});
