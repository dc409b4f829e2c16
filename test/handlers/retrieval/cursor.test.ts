import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HttpProblem } from '../../../handlers/http/http-problem.ts';
import { toCursor, toPosition } from '../../../handlers/retrieval/respond-with-page.ts';
import { ids } from '../../support/arbitraries.ts';

const QUERY = { resource: '/logs', severities: ['error'], contains: 'disk' };
const INSTANT = '2023-11-15T12:05:00.000000000Z';

const positions = fc.oneof(
  ids.map((id) => `${INSTANT}#${id}#digest`),
  fc.constant('2023-11-15~'),
);

describe('A cursor', () => {
  test('leads back to its position, and needs no escaping in a URL', () => {
    fc.assert(
      fc.property(positions, (position) => {
        const cursor = toCursor(position, QUERY);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(toPosition(cursor, QUERY)).toBe(position);
      }),
    );
  });

  test('is refused if one character is changed, added or left out', () => {
    const changes = fc.record({
      position: positions,
      at: fc.nat(),
      removed: fc.nat(1),
      added: fc.string({ unit: fc.constantFrom(...'ABCxyz019-_=%. '), maxLength: 1 }),
    });
    fc.assert(
      fc.property(changes, ({ position, at, removed, added }) => {
        const cursor = toCursor(position, QUERY);
        const start = at % cursor.length;
        const changed = cursor.slice(0, start) + added + cursor.slice(start + removed);
        fc.pre(changed !== cursor);
        expectRefused(() => toPosition(changed, QUERY));
      }),
    );
  });

  test.each([
    ['another severity', { ...QUERY, severities: ['warning'] }],
    ['no severity', { ...QUERY, severities: undefined }],
    ['another text', { ...QUERY, contains: 'disc' }],
    ['another bound', { ...QUERY, from: INSTANT }],
    ['another resource', { ...QUERY, resource: '/dead-letters' }],
  ])('is refused for a query with %s', (_, otherQuery) => {
    const cursor = toCursor(`${INSTANT}#id#digest`, QUERY);
    expectRefused(() => toPosition(cursor, otherQuery));
  });

  test('is refused if it is made up', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (cursor) => {
        expectRefused(() => toPosition(cursor, QUERY));
      }),
    );
    expectRefused(() => toPosition(toCursor(`${INSTANT}#${'x'.repeat(1_024)}`, QUERY), QUERY));
    expectRefused(() => toPosition(Buffer.from(`${INSTANT}#id#digest`).toString('base64url'), QUERY));
  });

  test.each(['', '~', 'no instant', `${INSTANT}`, '2023-11-15'])(
    'is refused if it is intact but its position is %j',
    (text) => {
      expectRefused(() => toPosition(toCursor(text, QUERY), QUERY));
    },
  );
});

function expectRefused(read: () => string): void {
  expect(read).toThrow(HttpProblem);
  expect(read).toThrow(expect.objectContaining({ status: 400, message: expect.stringContaining('cursor') }));
}
