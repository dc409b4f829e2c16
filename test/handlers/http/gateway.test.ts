import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { toGatewayRequest, toGatewayResult } from '../../../handlers/http/gateway.ts';
import { PageBody } from '../../../handlers/retrieval/respond-with-page.ts';
import { GET_EVENT } from '../../support/gateway.ts';

/** Lambda's limit for a response, which it writes as JSON. */
const LAMBDA_LIMIT_BYTES = 6_291_556;

const LONG_TEXT = '{"message":"the same again"}'.repeat(200);

const EVENT = {
  ...GET_EVENT,
  multiValueHeaders: Object.fromEntries(
    Object.entries(GET_EVENT.headers).map(([name, value]) => [name, [value]]),
  ),
};

describe('A request of API Gateway', () => {
  test('has the URL that its client used, with the stage', () => {
    expect(toGatewayRequest(EVENT).url).toBe('https://abc123.execute-api.us-east-1.amazonaws.com/dev/logs');
  });

  test('has the URL that its client used, with a custom domain and a base path', () => {
    const requestContext = { ...EVENT.requestContext, domainName: 'logs.example.com', path: '/support/logs' };
    expect(toGatewayRequest({ ...EVENT, requestContext }).url).toBe('https://logs.example.com/support/logs');
  });

  test('has a URL with its Host header if the event names no domain', () => {
    const event = {
      ...EVENT,
      requestContext: {},
      headers: { host: 'localhost:3000' },
      multiValueHeaders: null,
    };
    expect(toGatewayRequest(event).url).toBe('https://localhost:3000/logs');
  });

  test.each(['evil>; rel="next", <http://x', 'a b', 'a/b', 'user@host', 'host:port', '[::1', ''])(
    'is refused with the Host header %j, which would be part of links',
    (host) => {
      const event = { ...EVENT, requestContext: {}, headers: { host }, multiValueHeaders: null };
      expect(() => toGatewayRequest(event)).toThrow(expect.objectContaining({ status: 400 }));
    },
  );

  test.each([
    ['[::1]:3000', '/logs', 'https://[::1]:3000/logs'],
    ['logs_1.example.com', '/logs/a>;b"', 'https://logs_1.example.com/logs/a%3E;b%22'],
    ['localhost', '/logs/100%25', 'https://localhost/logs/100%25'],
  ])('has a URL whose parts are escaped: %s, %s', (host, path, url) => {
    const event = { ...EVENT, path, requestContext: {}, headers: { host }, multiValueHeaders: null };
    expect(toGatewayRequest(event).url).toBe(url);
  });

  test('has every parameter of its query, also one that is named like a member of all objects', () => {
    for (const query of ['__proto__=1&a=2&a=3', 'constructor=1', 'toString=1&__proto__=2&__proto__=3']) {
      const parameters = new URLSearchParams(query);
      const lists = Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
      const event = {
        ...EVENT,
        queryStringParameters: Object.fromEntries(parameters),
        multiValueQueryStringParameters: lists,
      };
      expect(toGatewayRequest(event).query.toString()).toBe(query);
      const single = new URLSearchParams(Object.fromEntries(parameters));
      expect(toGatewayRequest({ ...event, multiValueQueryStringParameters: null }).query.toString()).toBe(
        single.toString(),
      );
    }
  });

  test('has header names in lower case and joins repeated headers', () => {
    const event = {
      ...EVENT,
      headers: { 'Content-Type': 'text/plain', 'X-Tag': 'b' },
      multiValueHeaders: { 'Content-Type': ['text/plain'], 'X-Tag': ['a', 'b'] },
    };
    expect(toGatewayRequest(event).headers).toEqual({ 'content-type': 'text/plain', 'x-tag': 'a, b' });
  });

  test('has every value of a parameter', () => {
    const event = {
      ...EVENT,
      queryStringParameters: { severity: 'error', limit: '5' },
      multiValueQueryStringParameters: { severity: ['warning', 'error'] },
    };
    expect(toGatewayRequest(event).query.toString()).toBe('severity=warning&severity=error&limit=5');
  });

  test('may leave out what a test event of the console leaves out', () => {
    expect(toGatewayRequest({ httpMethod: 'GET', path: '/logs' })).toMatchObject({
      method: 'GET',
      resource: '/logs',
      body: '',
      headers: {},
      pathParameters: {},
    });
  });

  test.each([[null], ['text'], [{}], [{ Records: [] }]])(
    'is refused with 400 if the event is %j',
    (event) => {
      expect(() => toGatewayRequest(event)).toThrow(expect.objectContaining({ status: 400 }));
    },
  );
});

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
