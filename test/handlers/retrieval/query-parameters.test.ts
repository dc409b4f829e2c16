import { describe, expect, test } from '@jest/globals';
import {
  entryQuerySchema,
  pageQuerySchema,
  parseQuery,
} from '../../../handlers/retrieval/query-parameters.ts';

describe('The parameters of a list', () => {
  test('default to a page of 100 entries without a filter', () => {
    expect(read('')).toEqual({ limit: 100 });
  });

  test('may be combined', () => {
    const query =
      'limit=7&severity=error&from=2023-11-15T13:05:00%2B01:00&to=2023-11-16T00:00:00Z&contains=%20disk%20&contains=full&excludes=swap&case=smart&sender=a1b2c3&fields=sender&cursor=abc';
    expect(read(query)).toEqual({
      limit: 7,
      severity: ['error'],
      from: '2023-11-15T12:05:00.000000000Z',
      to: '2023-11-16T00:00:00.000000000Z',
      contains: [' disk ', 'full'],
      excludes: ['swap'],
      case: 'smart',
      sender: 'a1b2c3',
      fields: ['sender'],
      cursor: 'abc',
    });
  });

  test.each(['severity=error&severity=warning', 'severity=error,warning', 'severity=error,%20warning'])(
    'name several severities as in %s',
    (query) => {
      expect(read(query).severity).toEqual(['error', 'warning']);
    },
  );

  test('name attributes by their keys, which may contain anything', () => {
    expect(read('attributes[service.name]=a&attributes[a[0]]=&attributes[__proto__]=c').attributes).toEqual([
      { name: 'service.name', text: 'a' },
      { name: 'a[0]', text: '' },
      { name: '__proto__', text: 'c' },
    ]);
    expect(
      read('excludedAttributes[a[0]]=b&attributes[excludedAttributes[a]]=&excludedAttributes[a]=c'),
    ).toEqual({
      limit: 100,
      attributes: [{ name: 'excludedAttributes[a]', text: '' }],
      excludedAttributes: [
        { name: 'a[0]', text: 'b' },
        { name: 'a', text: 'c' },
      ],
    });
  });

  test('may have an offset with a plus sign that is not escaped', () => {
    expect(read('from=2023-11-15T13:05:00+01:00').from).toBe('2023-11-15T12:05:00.000000000Z');
  });

  test('may have the same instant as from and to', () => {
    const instant = '2023-11-15T12:05:00.000000000Z';
    const query = 'from=2023-11-15T12:05:00Z&to=2023-11-15T13:05:00%2B01:00';
    expect(read(query)).toMatchObject({ from: instant, to: instant });
  });

  test.each([
    ['limit=0', 'limit', 'from 1 to 1000'],
    ['limit=1001', 'limit', 'from 1 to 1000'],
    ['limit=1.5', 'limit', 'from 1 to 1000'],
    ['limit=-1', 'limit', 'from 1 to 1000'],
    ['limit=1e2', 'limit', 'from 1 to 1000'],
    ['limit=', 'limit', 'from 1 to 1000'],
    ['limit=1&limit=2', 'limit', 'only once'],
    ['severity=Error', 'severity', 'info, warning, error'],
    ['severity=', 'severity', 'info, warning, error'],
    ['severity=error,fatal', 'severity', 'info, warning, error'],
    ['from=yesterday', 'from', 'RFC 3339'],
    ['from=1700049900', 'from', 'RFC 3339'],
    ['to=2023-11-15T12:05:00', 'to', 'time zone'],
    ['to=2023-02-30T00:00:00Z', 'to', 'no date of the calendar'],
    ['from=2023-11-15T12:05:01Z&to=2023-11-15T12:05:00Z', 'from', 'after to'],
    ['contains=', 'contains', 'empty'],
    ['sender=', 'sender', 'empty'],
    ['sender=a&sender=b', 'sender', 'only once'],
    ['fields=id', 'fields', 'must be sender'],
    ['contains=a&contains=', 'contains', 'empty'],
    [`contains=a${'&contains=a'.repeat(20)}`, 'contains', 'more than 20 times'],
    ['excludes=', 'excludes', 'empty'],
    ['case=upper', 'case', 'sensitive or smart'],
    ['case=smart&case=smart', 'case', 'sensitive or smart'],
    ['attributes=checkout', 'attributes', 'attributes[service.name]'],
    [`attributes[${'q.'.repeat(32)}q]=1`, 'attributes', '32 deep'],
    [`excludedAttributes[${'.'.repeat(40)}]=1`, 'excludedAttributes', '32 deep'],
    [`excludedAttributes[${'q.'.repeat(200)}q]=1`, 'excludedAttributes', '256 bytes'],
    [`attributes[${'é'.repeat(129)}]=1`, 'attributes', '256 bytes'],
    ['attributes[a]=1&'.repeat(21).slice(0, -1), 'attributes', '20 times'],
    ['attributes=checkout&attributes[a]=b', 'attributes', 'attributes[service.name]'],
    ['attributes[]=checkout', 'attributes[]', 'not a parameter'],
    ['excludedAttributes=checkout', 'excludedAttributes', 'excludedAttributes[service.name]'],
    ['excludedAttributes[]=checkout', 'excludedAttributes[]', 'not a parameter'],
    ['cursor=a&cursor=b', 'cursor', 'only once'],
    ['severty=error', 'severty', 'not a parameter'],
    ['__proto__=1', '__proto__', 'not a parameter'],
  ])('are refused as in %s, and %s is named', (query, name, reason) => {
    expect(() => read(query)).toThrow(
      expect.objectContaining({
        status: 400,
        message: expect.stringContaining(name),
        extension: { errors: [{ path: name, message: expect.stringContaining(reason) }] },
      }),
    );
  });

  test('are refused all at once', () => {
    expect(() => read('limit=0&from=x&colour=red')).toThrow(
      expect.objectContaining({
        extension: { errors: ['limit', 'from', 'colour'].map((path) => expect.objectContaining({ path })) },
      }),
    );
  });

  test('of dead letters do not include filters of entries', () => {
    const of = (query: string) => parseQuery(pageQuerySchema, new URLSearchParams(query));
    expect(of('limit=5')).toEqual({ limit: 5 });
    expect(() => of('severity=error')).toThrow('severity is not a parameter');
    expect(() => of('contains=disk')).toThrow('contains is not a parameter');
    expect(() => of('excludedAttributes[a]=b')).toThrow('excludedAttributes is not a parameter');
  });
});

function read(query: string) {
  return parseQuery(entryQuerySchema, new URLSearchParams(query));
}
