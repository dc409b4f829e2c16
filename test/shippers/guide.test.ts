import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const guide = readFileSync('docs/shippers.md', 'utf8');
const tried = readdirSync(import.meta.dirname).filter((file) => !file.endsWith('.test.ts'));

test.each(tried)('The shipper guide shows %s as it is tried here', (file) => {
  expect(guide).toContain(`\n${readFileSync(join(import.meta.dirname, file), 'utf8')}\`\`\``);
});

test.each(tried.filter((file) => file.endsWith('.yaml')))('%s is YAML', (file) => {
  expect(parse(readFileSync(join(import.meta.dirname, file), 'utf8'))).toBeInstanceOf(Object);
});

test('The table of the shipper guide leads to each of its sections', () => {
  const sections = [...guide.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title).slice(1);
  const links = [...guide.matchAll(/^\| \[(.+)\]\(#(.+)\) \|/gm)];
  expect(links.map(([, title]) => title).sort()).toEqual(sections.sort());
  for (const [, title = '', anchor] of links) expect(anchor).toBe(title.toLowerCase().replaceAll(' ', '-'));
});
