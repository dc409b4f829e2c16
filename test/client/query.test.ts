import { expect, test } from '@jest/globals';
import { requestParametersOf } from '../../client/query.ts';

test('A query is asked for by the parameters of the service, attributes that must not be there too', () => {
  const parameters = requestParametersOf({
    severity: ['error'],
    from: '2024-01-01T00:00:00Z',
    excludes: ['disk'],
    where: [{ name: 'a', text: '1' }],
    whereNot: [
      { name: 'a', text: '2' },
      { name: 'b[0]', text: '' },
    ],
  });
  expect([...parameters]).toEqual([
    ['severity', 'error'],
    ['from', '2024-01-01T00:00:00Z'],
    ['excludes', 'disk'],
    ['attributes[a]', '1'],
    ['excludedAttributes[a]', '2'],
    ['excludedAttributes[b[0]]', ''],
    ['case', 'smart'],
  ]);
});

test.each([
  '0b6f5a3e-9d0c-4c57-8f4e-1d2c3b4a5968',
  '4bf92f3577b34da6a3ce929d0e0e4736',
  '00f067aa0ba902b7',
  '01ARZ3NDEKTSV4RRFFQ69G5FAV',
])('The whole id %s among the texts is asked for as a word', (id) => {
  const query = { severity: [], contains: ['disk', id], word: ['ORDER-17'] };
  expect([...requestParametersOf(query)]).toEqual([
    ['contains', 'disk'],
    ['word', 'ORDER-17'],
    ['word', id],
    ['case', 'smart'],
  ]);
});

test.each(['4bf92f35', '00f067aa0ba902b', 'g0f067aa0ba902b7', 'deadbeef-cafe'])(
  '%s is part of a message',
  (text) => {
    expect([...requestParametersOf({ severity: [], contains: [text] })]).toContainEqual(['contains', text]);
  },
);
