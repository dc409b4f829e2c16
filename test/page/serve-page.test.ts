import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { servePage } from '../../page/serve-page.ts';

const IMPORT = /(?:from|import) ["'](\.[^"']+)["']/g;

/** The modules that a browser loads for the page, by the paths of their URLs. */
async function loadModules(path: string, loaded = new Map<string, string>()): Promise<Map<string, string>> {
  const response = await servePage(path);
  expect({ path, type: response?.headers['content-type'] }).toEqual({
    path,
    type: 'text/javascript; charset=utf-8',
  });
  const script = String(response?.body);
  loaded.set(path, script);
  for (const [, target = ''] of script.matchAll(IMPORT)) {
    const imported = posix.join(posix.dirname(path), target);
    if (!loaded.has(imported)) await loadModules(imported, loaded);
  }
  return loaded;
}

describe('The page, as it is served', () => {
  test('names files that are served', async () => {
    const html = String((await servePage('/'))?.body);
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file);
    expect(files).toEqual(['page/icon.svg', 'page/style.css', 'page/app.ts']);
    for (const file of files) expect((await servePage(`/${file}`))?.status).toBe(200);
  });

  test('has modules that import only modules that are served, as JavaScript', async () => {
    const modules = await loadModules('/page/app.ts');
    expect([...modules.keys()]).toEqual(
      expect.arrayContaining(['/page/feed.ts', '/client/follow.ts', '/entities/instant.ts']),
    );
    for (const script of modules.values()) expect(script).not.toMatch(/^(?:export )?(?:interface|type) /m);
  });

  test('is stripped of its types once for as long as a file stays the same', async () => {
    const [first, second] = [await servePage('/page/app.ts'), await servePage('/page/app.ts')];
    expect(first?.body).toBe(second?.body);
  });

  test.each([
    '/page/serve-page.ts',
    '/page/tsconfig.json',
    '/page/index.html',
    '/page/',
    '/page/../package.json',
    '/client/../entities/log-entry.ts',
    '/entities/log-entry.ts',
    '/handlers/settings.ts',
    '/cli/run.ts',
    '/package.json',
    '/.git/config',
    '/constructor',
  ])('leaves %s unserved', async (path) => {
    expect(await servePage(path)).toBeUndefined();
  });
});
