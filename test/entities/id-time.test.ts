import { describe, expect, test } from '@jest/globals';
import { timeOfId } from '../../entities/read/read-by-id.ts';

describe('The time that an id names', () => {
  test.each([
    ['a UUIDv7 (RFC 9562, appendix A.6)', '017F22E2-79B0-7CC3-98C4-DC0C0C07398F', '2022-02-22T19:22:22.000Z'],
    ['a ULID (github.com/ulid/spec)', '01ARZ3NDEKTSV4RRFFQ69G5FAV', '2016-07-30T23:54:10.259Z'],
  ])('is that of %s: %s', (_, id, time) => {
    expect(timeOfId(id)).toBe(Date.parse(time));
    expect(timeOfId(id.toLowerCase())).toBe(Date.parse(time));
  });

  test.each([
    ['unique-id-123'],
    ['f81d4fae-7dec-41d0-a765-00a0c91e6bf6'],
    ['ffffffff-ffff-7fff-bfff-ffffffffffff'],
    ['00000000-0000-7000-8000-000000000000'],
    ['7ZZZZZZZZZZZZZZZZZZZZZZZZZ'],
    ['01ARZ3NDEKTSV4RRFFQ69G5FAU'],
  ])('is none where it would be long ago or to come, or the id has another form: %s', (id) => {
    expect(timeOfId(id)).toBeUndefined();
  });
});
