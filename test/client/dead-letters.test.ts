import { expect, test } from '@jest/globals';
import { createLogClient } from '../../client/log-client.ts';
import { readDeadLetters } from '../../client/read-dead-letters.ts';
import { createRefusalGroups } from '../../client/refusal-groups.ts';
import type { DeadLetter } from '../../entities/dead-letter.ts';

const letter = (message: string, raw: string): DeadLetter => ({
  refusedAt: '2026-03-01T03:00:00Z',
  errors: [{ path: 'logs.3', message }],
  raw,
});
const letters = [
  letter('must be at most 256 bytes, is 300', 'Alpha'),
  letter('is missing', 'beta'),
  letter('must be at most 256 bytes, is 4711', 'gamma'),
];

/** What is read of a service that has the letters one a page, and the queries that it was asked. */
async function read(query: Parameters<typeof readDeadLetters>[1]) {
  const asked: URLSearchParams[] = [];
  const client = createLogClient(new URL('http://service'), async (url) => {
    asked.push(url.searchParams);
    const place = Number(url.searchParams.get('cursor') ?? 0);
    const link = `</dead-letters?cursor=${place + 1}>; rel="next"`;
    const headers = place < letters.length - 1 ? { link } : undefined;
    const response = new Response(JSON.stringify([letters[place]]), { headers });
    return Object.defineProperty(response, 'url', { value: url.href });
  });
  const pages: string[] = [];
  for await (const page of readDeadLetters(client, query)) pages.push(...page.letters.map(({ raw }) => raw));
  return { pages, asked };
}

test('Dead letters are searched in their records and in the reasons, as messages are', async () => {
  expect((await read({})).pages).toEqual(['Alpha', 'beta', 'gamma']);
  expect((await read({ contains: ['alpha'] })).pages).toEqual(['Alpha']);
  expect((await read({ contains: ['Beta'] })).pages).toEqual([]);
  expect((await read({ contains: ['at most'], excludes: ['GAMMA'.toLowerCase()] })).pages).toEqual(['Alpha']);
  expect((await read({ word: ['missing'] })).pages).toEqual(['beta']);
});

test('Dead letters are asked for within the range', async () => {
  const range = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };
  const [first] = (await read(range)).asked;
  expect(Object.fromEntries(first ?? [])).toEqual({ limit: '100', ...range });
});

test('Refusals for the same reasons are one group, whatever the numbers in them', () => {
  const groups = createRefusalGroups();
  const [first] = groups.add(letters.slice(0, 2));
  expect(first).toEqual([letters[0]]);
  expect([...groups.add(letters.slice(2))]).toEqual([[letters[0], letters[2]]]);
  expect(groups.all).toEqual([[letters[0], letters[2]], [letters[1]]]);
});
