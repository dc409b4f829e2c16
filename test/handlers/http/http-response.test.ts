import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { toGatewayResult } from '../../../handlers/http/http-response.ts';
import { PageBody } from '../../../handlers/retrieval/page-response.ts';

/** Lambda's limit for a response, which it writes as JSON. */
const LAMBDA_LIMIT_BYTES = 6_291_556;

const LONG_TEXT = '{"message":"the same again"}'.repeat(200);

describe('A response', () => {
  test.each(['gzip', 'GZIP', 'br, gzip;q=0.5', 'deflate;q=1, *;q=0.1'])(
    'is gzip for a client that accepts %s',
    (accepted) => {
      const result = toGatewayResult(responseOf(LONG_TEXT), accepted);
      expect(result.headers).toMatchObject({ 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' });
      expect(result.isBase64Encoded).toBe(true);
      expect(gunzipSync(Buffer.from(result.body, 'base64')).toString()).toBe(LONG_TEXT);
      expect(result.body.length).toBeLessThan(LONG_TEXT.length);
    },
  );

  test.each(['', 'identity', 'br', 'gzip;q=0', 'gzip; q=0.0', 'gzip;q=0, *', '*;q=0'])(
    'is plain for a client that accepts %j',
    (accepted) => {
      const result = toGatewayResult(responseOf(LONG_TEXT), accepted);
      expect(result.headers).not.toHaveProperty('Content-Encoding');
      expect(result).toMatchObject({ body: LONG_TEXT, isBase64Encoded: false });
    },
  );

  test('is plain if gzip would make it longer', () => {
    const incompressible = randomBytes(3_000).toString('base64');
    expect(toGatewayResult(responseOf(incompressible), 'gzip').isBase64Encoded).toBe(false);
  });

  test('with a body of bytes arrives as the same bytes', () => {
    const bytes = Buffer.from([0, 255, 0x1f, 0x8b]);
    const result = toGatewayResult({ ...responseOf(''), body: bytes }, '');
    expect(Buffer.from(result.body, 'base64')).toEqual(bytes);
    expect(result.isBase64Encoded).toBe(true);
  });

  test('forbids caching and guessing its media type', () => {
    const { headers } = toGatewayResult(responseOf('[]'), '');
    expect(headers).toMatchObject({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
  });
});

describe('The body of a page', () => {
  test('is a JSON array of the collected values', () => {
    const body = new PageBody();
    expect(body.toString()).toBe('[]');
    expect(['"a"', '{"b":1}'].map(body.collect)).toEqual([true, true]);
    expect(body.toString()).toBe('["a",{"b":1}]');
  });

  test.each([
    ['plain letters', 'x'],
    ['quotes, which are escaped twice', '"'],
    ['control characters', '\u0001'],
    ['characters of three bytes', '\u20ac'],
  ])('stays within the limit of Lambda if messages have %s', (_, character) => {
    const body = new PageBody();
    const message = character.repeat(200_000);
    let taken = 0;
    while (body.collect(JSON.stringify({ message }))) taken++;
    const size = Buffer.byteLength(JSON.stringify(toGatewayResult(responseOf(body.toString()), '')));
    expect(size).toBeLessThan(LAMBDA_LIMIT_BYTES);
    expect(JSON.parse(body.toString())).toHaveLength(taken);
    expect(taken).toBeGreaterThanOrEqual(3);
  });

  test('takes the first value whatever its size, so that every page makes progress', () => {
    const body = new PageBody();
    expect(body.collect(JSON.stringify('x'.repeat(7_000_000)))).toBe(true);
    expect(body.collect('"y"')).toBe(false);
    expect(JSON.parse(body.toString())).toHaveLength(1);
  });
});

function responseOf(body: string) {
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body };
}
