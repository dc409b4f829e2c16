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
