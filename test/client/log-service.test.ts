import { describe, expect, test } from '@jest/globals';
import { nextLink } from '../../client/log-service.ts';

describe('The next link', () => {
  test.each([
    ['</logs?cursor=a,b;c>; rel="next"', '/logs?cursor=a,b;c'],
    ['</first>; rel="first", </n>; title="x"; rel=next', '/n'],
    ['</logs>; rel="nextish"', undefined],
    [null, undefined],
  ])('of %j is %j', (header, target) => {
    expect(nextLink(header)).toBe(target);
  });
});
