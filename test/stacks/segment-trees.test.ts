import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const script = fileURLToPath(new URL('../support/segment-trees.cjs', import.meta.url));

/** What the X-Ray SDK traces with this module in the place of cls-hooked. */
async function treesWith(module: string): Promise<Record<string, unknown>> {
  const path = fileURLToPath(new URL(`../../${module}`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, path]);
  return JSON.parse(stdout);
}

test('The stand-in for cls-hooked gives nested, parallel, failing and timer-driven work the same segments', async () => {
  const [standIn, original] = await Promise.all([
    treesWith('stacks/stand-ins/cls-hooked/context.js'),
    treesWith('node_modules/cls-hooked-original/index.js'),
  ]);
  expect(original.parallel).toEqual({
    parallel: ['a', 'b', 'c'].map((name) => ({ [name]: [`${name}, later`] })),
  });
  expect(standIn).toEqual(original);
});
