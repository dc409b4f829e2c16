import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import { entry } from '../support/entries.ts';
import { get, getAll, post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

describe('An entry', () => {
  test('comes back as it was sent, alone and among entries of today', async () => {
    const old = {
      id: 'unique-id-123',
      datetime: '2023-11-15T12:05:00Z',
      severity: 'info',
      message: 'Log content here',
    };
    const posted = await post(service.url, old);
    expect(posted.status).toBe(200);
    expect(await posted.json()).toEqual({ accepted: 1, rejected: [] });
    expect(await get(service.url)).toEqual([old]);

    const today = entry();
    await post(service.url, today);
    expect(await get(service.url)).toEqual([today, old]);
  });

  test.each([
    'A',
    'a',
    'with space',
    ' ',
    '#',
    'e#a#b',
    '2023-11-15T12:05:00.000000000Z#a#digest',
    'a/b?c=d&e=f',
    '100%',
    '%41',
    '\u{1F600}',
    'e\u0301',
    '\u00e9',
    '__proto__',
    'constructor',
    'line\nbreak',
    'nul\u0000',
    '"quoted" \\',
    'x'.repeat(256),
    '\u{1F600}'.repeat(64),
  ])('under the id %j comes back as it was sent, from the list and by its id', async (id) => {
    const sent = entry({ id, message: `under ${id}` });
    expect((await post(service.url, sent)).status).toBe(200);
    expect(await get(service.url, '/logs?limit=1000')).toContainEqual(sent);
    expect(await get(service.url, `/logs/${encodeURIComponent(id)}`)).toEqual([sent]);
  });

  test('sent again changes nothing and counts as accepted', async () => {
    const sent = entry({ id: 'repeated' });
    const answers = [await post(service.url, [sent, sent]), await post(service.url, sent)];
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual([
      { accepted: 2, rejected: [] },
      { accepted: 1, rejected: [] },
    ]);
    expect(await get(service.url, '/logs/repeated')).toEqual([sent]);
  });

  test('that differs in anything from one of its id is kept beside it', async () => {
    const one = entry({ id: 'shared', datetime: '2023-11-15T12:05:00Z' });
    const all: LogEntry[] = [
      one,
      { ...one, message: 'another' },
      { ...one, severity: 'error' },
      { ...one, datetime: '2023-11-15T13:05:00+01:00' },
      { ...one, datetime: '2023-11-15T12:05:01Z' },
    ];
    for (const each of all) await post(service.url, each);
    const found = await get(service.url, '/logs/shared');
    expect(found.toSorted(byText)).toEqual(all.toSorted(byText));
    const listed = (await get(service.url, '/logs?limit=1000')).filter(({ id }) => id === 'shared');
    expect(listed).toEqual(found);
  });

  test('is refused with a problem that names its fields, and is not stored', async () => {
    const answer = await post(service.url, {
      id: '',
      datetime: '2023-11-15T12:05:00',
      severity: 'info',
      message: '',
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: expect.any(String),
      accepted: 0,
      rejected: [
        {
          index: 0,
          id: '',
          errors: [
            { path: 'id', message: expect.any(String) },
            { path: 'datetime', message: expect.stringContaining('time zone') },
          ],
        },
      ],
    });
    expect((await get(service.url, '/logs?limit=1000')).filter(({ id }) => id === '')).toEqual([]);
  });

  test('is stored although others of its request are refused, each by its index', async () => {
    const [first, last] = [entry(), entry()];
    const answer = await post(service.url, [first, { ...entry(), severity: 'fatal', id: 'bad' }, 7, last]);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      accepted: 2,
      rejected: [
        { index: 1, id: 'bad', errors: [{ path: 'severity', message: expect.any(String) }] },
        { index: 2, errors: [{ path: '', message: expect.any(String) }] },
      ],
    });
    for (const { id } of [first, last]) expect(await get(service.url, `/logs/${id}`)).toHaveLength(1);
    expect((await fetch(`${service.url}/logs/bad`)).status).toBe(404);
  });
});

describe('A list', () => {
  test('of one severity, of a span of time and of a text, together', async () => {
    const at = (second: number) => `2022-05-01T00:00:0${second}Z`;
    const sent = [
      entry({ datetime: at(1), severity: 'error', message: 'disk full' }),
      entry({ datetime: at(2), severity: 'error', message: 'Disk full' }),
      entry({ datetime: at(3), severity: 'warning', message: 'disk full' }),
      entry({ datetime: at(4), severity: 'error', message: 'disk full' }),
      entry({ datetime: at(5), severity: 'info', message: 'disk full' }),
      entry({ datetime: at(6), severity: 'error', message: 'disk full' }),
    ];
    await post(service.url, sent);
    const span = `from=${at(1)}&to=${at(6)}`;
    const found = async (query: string) =>
      (await get(service.url, `/logs?${span}&${query}`)).map(({ datetime }) => datetime);
    expect(await found('contains=disk')).toEqual([at(5), at(4), at(3), at(1)]);
    expect(await found('contains=disk&severity=error')).toEqual([at(4), at(1)]);
    expect(await found('contains=disk&severity=error,warning&limit=2')).toEqual([at(4), at(3)]);
    expect(await found('severity=info')).toEqual([at(5)]);
    expect(await found('contains=disk&case=smart')).toEqual([5, 4, 3, 2, 1].map(at));
    expect(await found('contains=Disk&contains=full&case=smart')).toEqual([at(2)]);
    expect(await found('contains=disk&contains=l&excludes=Disk&severity=error')).toEqual([at(4), at(1)]);
    expect(await found('excludes=disk&case=smart')).toEqual([]);
    expect(await found('excludes=disk')).toEqual([at(2)]);
    const all = await getAll(
      service.url,
      `/logs?${span}&contains=disk&severity=error&severity=warning&limit=1`,
    );
    expect(all.map(({ datetime }) => datetime)).toEqual([at(4), at(3), at(1)]);
  });

  test.each([
    'limit=0',
    'severity=fatal',
    'from=yesterday',
    'to=1700049900',
    'contains=',
    'cursor=forged',
    'colour=red',
  ])('asked for with %s is refused with a problem that names the parameter', async (query) => {
    const [name] = query.split('=');
    const answer = await fetch(`${service.url}/logs?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 400, detail: expect.stringContaining(String(name)) });
  });

  test('under an id that nothing has is a problem of 404, under one that is no text of 400', async () => {
    for (const [path, status] of [
      ['/logs/nobody', 404],
      ['/logs/%ff', 400],
      [`/logs/${'x'.repeat(257)}`, 404],
      [`/logs/${'x'.repeat(3_000)}`, 404],
    ] as const) {
      const answer = await fetch(service.url + path);
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ status, detail: expect.any(String) });
    }
  });
});

function byText(a: LogEntry, b: LogEntry): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
