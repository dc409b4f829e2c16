import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogClient, entriesIn, nextLink } from '../../client/log-client.ts';
import { type RecordingServer, startRecordingServer } from '../support/recording-server.ts';

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

describe('A refusal', () => {
  let server: RecordingServer;
  let body: string;
  beforeAll(async () => {
    server = await startRecordingServer((request, response) => {
      response.statusCode = Number(request.url?.slice(1));
      response.end(body);
    });
  });
  afterAll(() => server.close());

  test.each([
    [
      'a problem',
      '{"title":"Bad query","detail":"limit is 0"}',
      { title: 'Bad query', detail: 'limit is 0' },
    ],
    ['a message of API Gateway', '{"message":"Forbidden"}', { title: 'Bad Request', detail: 'Forbidden' }],
    ['something else', '<html></html>', { title: 'Bad Request', detail: undefined }],
  ])('with %s says what it can', async (_what, given, said) => {
    body = given;
    const client = createLogClient(new URL(server.url));
    await expect(client.pages(client.urlOf('/400'), entriesIn).next()).rejects.toMatchObject({
      name: 'ServiceError',
      reason: 'refused',
      problem: { status: 400, ...said },
    });
  });

  test.each([
    [400, false],
    [403, false],
    [429, true],
    [500, true],
    [503, true],
  ])('with %i may pass: %j', async (status, passing) => {
    body = '{}';
    const client = createLogClient(new URL(server.url));
    await expect(client.pages(client.urlOf(`/${status}`), entriesIn).next()).rejects.toMatchObject({
      passing,
    });
  });
});
