import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toCursor } from '../../../handlers/retrieval/respond-with-page.ts';
import { entry } from '../../support/entries.ts';
import { GET_EVENT, invoke } from '../../support/gateway.ts';
import { get, getAll, nextLink, post } from '../../support/http.ts';
import { newestFirst } from '../../support/oracle.ts';
import { type Service, startService } from '../../support/service.ts';

const errors = Array.from({ length: 30 }, () => entry({ severity: 'error', message: 'disk full' }));

let service: Service;
beforeAll(async () => {
  service = await startService();
  await post(service.url, errors);
});
afterAll(() => service.close());

describe('The link to the next page', () => {
  test('keeps the parameters of the page and leads to what follows', async () => {
    const first = await fetch(`${service.url}/logs?severity=error&contains=disk%20full&limit=10`);
    const next = new URL(nextLink(first) ?? '');
    expect(next.origin + next.pathname).toBe(`${service.url}/logs`);
    expect(Object.fromEntries(next.searchParams)).toEqual({
      severity: 'error',
      contains: 'disk full',
      limit: '10',
      cursor: expect.any(String),
    });
    const second = (await (await fetch(next)).json()) as object[];
    expect([...((await first.json()) as object[]), ...second]).toEqual(newestFirst(errors).slice(0, 20));
  });

  test('is present while there is more, and absent on the last page', async () => {
    expect(await getAll(service.url, '/logs?limit=7')).toEqual(newestFirst(errors));
    for (const query of [
      '',
      'limit=30',
      'limit=31',
      'severity=error',
      'severity=warning',
      'contains=nowhere',
    ]) {
      expect(nextLink(await fetch(`${service.url}/logs?${query}`))).toBeUndefined();
    }
    expect(nextLink(await fetch(`${service.url}/logs?limit=29`))).toBeDefined();
  });

  test.each([
    ['of its stage', {}, 'https://abc123.execute-api.us-east-1.amazonaws.com/dev/logs'],
    [
      'of a custom domain, below its base path',
      { requestContext: { domainName: 'logs.example.com', path: '/support/logs' } },
      'https://logs.example.com/support/logs',
    ],
  ])('is absolute, with the address %s', async (_, overrides, address) => {
    const multiValueQueryStringParameters = { limit: ['3'], severity: ['error', 'warning'] };
    const { headers } = await invoke(service.retrieval, {
      ...GET_EVENT,
      ...overrides,
      multiValueQueryStringParameters,
    });
    const link = /^<([^>]+)>; rel="next"$/.exec(String(headers?.Link));
    const next = new URL(link?.[1] ?? '');
    expect(next.origin + next.pathname).toBe(address);
    expect(next.searchParams.getAll('severity')).toEqual(['error', 'warning']);
  });

  test('neither skips nor repeats entries while others arrive', async () => {
    const before = await get(service.url, '/logs?limit=1000');
    const first = await fetch(`${service.url}/logs?limit=1`);
    await post(service.url, [entry(), entry(), entry()]);
    const others = await getAll('', nextLink(first));
    expect([...((await first.json()) as object[]), ...others]).toEqual(before);
  });

  test('leads through all entries under one id, however many and large they are', async () => {
    const sent = Array.from({ length: 16 }, (_, n) =>
      entry({ id: 'shared', message: String(n).padEnd(200_000), datetime: `20${n + 10}-01-01T00:00:00Z` }),
    );
    for (const one of sent) await post(service.url, one);
    expect(await getAll(service.url, '/logs/shared')).toEqual(newestFirst(sent));
    expect(await getAll(service.url, '/logs/shared?limit=3')).toEqual(newestFirst(sent));
    const span = 'from=2012-01-01T00:00:00Z&to=2014-01-01T00:00:00Z';
    expect(await getAll(service.url, `/logs/shared?limit=1&${span}`)).toEqual(
      newestFirst(sent).slice(-4, -2),
    );
  });

  test('is refused if it leads before from', async () => {
    const from = '2024-01-01T00:00:00Z';
    const query = {
      resource: '/logs',
      severities: undefined,
      contains: undefined,
      from: '2024-01-01T00:00:00.000000000Z',
    };
    const cursor = toCursor('2023-11-15T12:05:00.000000000Z#id#digest', query);
    const answer = await fetch(`${service.url}/logs?from=${from}&cursor=${cursor}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ path: 'cursor', message: 'lies before from' }] });
  });

  test('is refused with other parameters or another resource', async () => {
    const next = new URL(nextLink(await fetch(`${service.url}/logs?severity=error&limit=5`)) ?? '');
    const cursor = next.searchParams.get('cursor');
    for (const path of [
      `/logs?cursor=${cursor}`,
      `/logs?severity=warning&cursor=${cursor}`,
      `/logs?severity=error&contains=disk&cursor=${cursor}`,
      `/logs?severity=error&from=2023-01-01T00:00:00Z&cursor=${cursor}`,
      `/dead-letters?cursor=${cursor}`,
      `/logs/shared?cursor=${cursor}`,
      `/logs?severity=error&cursor=${cursor}x`,
    ]) {
      const answer = await fetch(service.url + path);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ errors: [{ path: 'cursor' }] });
    }
    const nextOfId = new URL(nextLink(await fetch(`${service.url}/logs/shared?limit=1`)) ?? '');
    expect((await fetch(`${service.url}/logs/${errors[0]?.id}${nextOfId.search}`)).status).toBe(400);
    expect((await fetch(`${service.url}/logs?severity=error&limit=9&cursor=${cursor}`)).status).toBe(200);
  });
});
