import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openService } from '../../cli/open-service.ts';
import { run } from '../../cli/run.ts';
import { signerFor } from '../../cli/sign-request.ts';
import { type RecordingServer, startRecordingServer } from '../support/recording-server.ts';
import { openTerminal, runLogs } from '../support/terminal.ts';

const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: 'session-token',
};
const API = 'https://abc.execute-api.eu-west-1.amazonaws.com/dev/';

beforeAll(() => {
  Object.assign(process.env, CREDENTIALS);
});

/** The signature, calculated by the steps of "Create a signed AWS API request" (IAM User Guide). */
function signatureOf(
  canonicalPath: string,
  canonicalQuery: string,
  host: string,
  region: string,
  date: string,
) {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const request = [
    'GET',
    canonicalPath,
    canonicalQuery,
    `host:${host}`,
    `x-amz-content-sha256:${sha256('')}`,
    `x-amz-date:${date}`,
    `x-amz-security-token:${CREDENTIALS.AWS_SESSION_TOKEN}`,
    '',
    'host;x-amz-content-sha256;x-amz-date;x-amz-security-token',
    sha256(''),
  ].join('\n');
  const scope = [date.slice(0, 8), region, 'execute-api', 'aws4_request'];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${CREDENTIALS.AWS_SECRET_ACCESS_KEY}`);
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(request)].join('\n')).toString('hex');
}

async function runSigned(url: string): Promise<{ code: number; err: string }> {
  const terminal = openTerminal({ env: { AWS_REGION: 'ap-south-1' } });
  const code = await run(['--url', url, '--sign'], terminal);
  return { code, err: terminal.err() };
}

describe('A URL of API Gateway', () => {
  test.each([
    ['logs?limit=100', '/dev/logs', 'limit=100'],
    [
      'logs?severity=warning&severity=error&contains=it%27s%20(50%25)%20%C3%BC*%20/&from=2023-11-15T12:05:00%2B01:00',
      '/dev/logs',
      'contains=it%27s%20%2850%25%29%20%C3%BC%2A%20%2F&from=2023-11-15T12%3A05%3A00%2B01%3A00&severity=error&severity=warning',
    ],
    ['logs/a%20b%2Fc', '/dev/logs/a%2520b%252Fc', ''],
  ])('is signed for its region: %s', async (path, canonicalPath, canonicalQuery) => {
    const sign = signerFor({ url: new URL(API), sign: false }, {});
    const headers = (await sign?.(new URL(path, API))) ?? {};

    expect(headers).toMatchObject({ 'x-amz-security-token': CREDENTIALS.AWS_SESSION_TOKEN });
    const date = headers['x-amz-date'] ?? '';
    const host = new URL(API).host;
    expect(headers.authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${date.slice(0, 8)}/eu-west-1/execute-api/aws4_request, ` +
        'SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, ' +
        `Signature=${signatureOf(canonicalPath, canonicalQuery, host, 'eu-west-1', date)}`,
    );
  });

  test('is refused with http, where the session token could be read', () => {
    const url = new URL(API.replace('https', 'http'));
    expect(() => signerFor({ url, sign: false }, {})).toThrow('https');
  });
});

describe('Credentials', () => {
  let other: RecordingServer;
  let service: RecordingServer;
  let answer: { status: number; headers: Record<string, string> };

  beforeAll(async () => {
    other = await startRecordingServer((_request, response) => response.end('[]'));
    service = await startRecordingServer((request, response) => {
      if (request.url?.includes('cursor')) response.end('[]');
      else response.writeHead(answer.status, answer.headers).end('[]');
    });
  });
  afterAll(async () => {
    await service.close();
    await other.close();
  });

  test('sign for AWS_REGION with --sign, over exactly the bytes that are sent', async () => {
    answer = { status: 200, headers: {} };
    const sign = signerFor({ url: new URL(service.url), sign: true }, { AWS_REGION: 'ap-south-1' });
    await openService(new URL(service.url), sign).get(new URL(`${service.url}/logs?contains=a+'b'`));

    const { url, headers } = service.requests.at(-1) ?? {};
    const { host = '' } = new URL(service.url);
    expect(url).toBe('/logs?contains=a%20%27b%27');
    expect(headers?.authorization).toContain(
      signatureOf('/logs', 'contains=a%20%27b%27', host, 'ap-south-1', String(headers?.['x-amz-date'])),
    );
  });

  test('are not used for a service that is not on AWS', async () => {
    answer = { status: 200, headers: {} };
    expect(await runLogs('--url', service.url)).toMatchObject({ code: 0 });
    expect(service.requests.at(-1)?.headers).not.toHaveProperty('authorization');
  });

  test.each([
    [
      'a next link to another host',
      () => ({ status: 200, headers: { link: `<${other.url}/dev/logs>; rel="next"` } }),
    ],
    ['a next link out of the stage', () => ({ status: 200, headers: { link: '</prod/logs>; rel="next"' } })],
    ['a redirect', () => ({ status: 302, headers: { location: `${other.url}/dev/logs` } })],
  ])('are not sent after %s', async (_what, given) => {
    answer = given();
    const asked = service.requests.length;
    const { code, err } = await runSigned(`${service.url}/dev`);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/not below|has moved/) });
    expect(other.requests).toEqual([]);
    expect(service.requests.slice(asked)).toHaveLength(1);
  });

  test('sign a next link within the deployment again', async () => {
    answer = { status: 200, headers: { link: '</dev/logs?cursor=x>; rel="next"' } };
    expect(await runSigned(`${service.url}/dev`)).toMatchObject({ code: 0 });
    const [first, second] = service.requests.slice(-2);
    expect(second?.url).toBe('/dev/logs?cursor=x');
    expect(second?.headers.authorization).not.toBe(first?.headers.authorization);
  });
});
