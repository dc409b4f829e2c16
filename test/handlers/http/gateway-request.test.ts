import { describe, expect, test } from '@jest/globals';
import { toGatewayRequest } from '../../../handlers/http/gateway-request.ts';
import { GET_EVENT } from '../../support/gateway.ts';

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
    'is refused with the Host header %j, which would stand in links',
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
