import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { importCircles, readTree, type SourceFile } from '../../bench/source-tree.ts';

/** Each folder, and the other folders that it may import. */
const MAY_IMPORT: Record<string, string[]> = {
  entities: [],
  handlers: ['entities'],
  openapi: ['entities', 'handlers'],
  stacks: ['entities', 'handlers', 'page'],
  client: ['entities'],
  cli: ['client', 'entities', 'page'],
  page: ['client', 'entities'],
  local: ['entities', 'handlers', 'page'],
  bench: ['entities', 'handlers', 'stacks', 'local'],
};

describe('The source tree', () => {
  const tree = readTree(fileURLToPath(new URL('../../', import.meta.url)), Object.keys(MAY_IMPORT));

  test('is read with its imports, types included', async () => {
    const file = (await tree).find(({ path }) => path === 'entities/log-entry.ts');
    expect(file?.lines).toBeGreaterThan(20);
    expect(file?.imports).toContain('entities/timeline.ts');
  });

  test('has no circle of imports', async () => {
    expect(importCircles(await tree)).toEqual([]);
  });

  test.each(Object.entries(MAY_IMPORT))('imports one way: %s imports only %j', async (folder, others) => {
    const imports = (await tree)
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .flatMap(({ path, imports }) => imports.map((to) => `${path} imports ${to}`));
    const isAllowed = (line: string) =>
      [folder, ...others].some((name) => line.includes(` imports ${name}/`));
    expect(imports.filter((line) => !isAllowed(line))).toEqual([]);
  });
});

describe('A circle of imports', () => {
  const file = (path: string, ...imports: string[]): SourceFile => ({ path, lines: 1, imports });

  test('is found however long it is, and without the files that only lead to it', () => {
    const files = [
      file('to-it', 'a'),
      file('a', 'b'),
      file('b', 'c', 'leaf'),
      file('c', 'a'),
      file('leaf'),
      file('x', 'y'),
      file('y', 'x'),
    ];
    expect(importCircles(files)).toEqual([
      ['a', 'b', 'c'],
      ['x', 'y'],
    ]);
  });
});
