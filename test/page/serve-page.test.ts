import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { servePage } from '../../page/serve-page.ts';

/** Bytes that a first view loads: with the style and the page itself within a second at 400 kbit/s. */
const LARGEST_SCRIPTS = 30_000;
const ROOT = new URL('../../', import.meta.url).pathname;

describe('The page, as it is served', () => {
  test('names files that are served', async () => {
    const html = String((await servePage('/'))?.body);
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file);
    expect(files).toEqual(expect.arrayContaining(['page/icon.svg', 'page/style.css', 'page/app.js']));
    for (const file of files) expect((await servePage(`/${file}`))?.status).toBe(200);
  });

  test('names all scripts of a first view, which have source maps beside them', async () => {
    const html = String((await servePage('/'))?.body);
    const imported: string[] = [];
    const sources: string[] = [];
    for (const name of ['app.js', ...scriptsNamedIn(html)]) {
      const script = await servePage(`/page/${name}`);
      expect(script?.headers['content-type']).toBe('text/javascript; charset=utf-8');
      imported.push(...importedBy(String(script?.body)));
      const map = await servePage(`/page/${name}.map`);
      expect(map?.headers['content-type']).toBe('application/json');
      sources.push(...JSON.parse(String(map?.body)).sources);
    }
    expect(new Set(imported)).toEqual(new Set(scriptsNamedIn(html)));
    expect(sources).toEqual(
      expect.arrayContaining(['feed.ts', '../client/read-entries.ts', '../entities/instant.ts']),
    );
    expect(sources).not.toContain('exporter.ts');
  });

  test('loads the other scripts when they are needed', async () => {
    const names = [...String((await servePage('/page/app.js'))?.body).matchAll(/import\("\.\/([^"]+)"\)/g)];
    expect(names).not.toEqual([]);
    for (const [, name] of names) {
      const { sources } = JSON.parse(String((await servePage(`/page/${name}.map`))?.body));
      expect(sources).toContain('exporter.ts');
      expect((await servePage(`/page/${name}`))?.status).toBe(200);
    }
  });

  test('names its deployment, whatever that is called', async () => {
    const html = String((await servePage('/', { deployment: 'logs.example/"dev" & $&' }))?.body);
    expect(html).toContain('<meta name="deployment" content="logs.example/&quot;dev&quot; &amp; $&amp;">');
  });

  test('offers the searches that are saved at or above a folder, whatever they say', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'logs-page-'));
    const served = async () => {
      const html = String((await servePage('/', { folder: join(folder, 'below') }))?.body);
      return /name="searches" content="([^"]*)"/.exec(html)?.[1];
    };
    await writeFile(join(folder, '.logs.json'), JSON.stringify({ searches: { odd: 'a="b" $& <&amp;>' } }));
    expect(await served()).toBe('{&quot;odd&quot;:&quot;a=\\&quot;b\\&quot; $&amp; <&amp;amp;>&quot;}');
    for (const broken of ['no JSON', 'null', '{"searches": {"odd": 1}}']) {
      await writeFile(join(folder, '.logs.json'), broken);
      expect(await served()).toBe('{}');
    }
    await rm(folder, { recursive: true });
  });

  test('is bundled once for as long as its files stay the same', async () => {
    const [first, second] = await Promise.all([servePage('/page/app.js'), servePage('/page/app.js')]);
    expect(first?.body).toBe(second?.body);
    expect((await servePage('/page/app.js'))?.body).toBe(first?.body);
  });

  test('says what it needs where scripts are switched off', async () => {
    expect(String((await servePage('/'))?.body)).toMatch(/<noscript>.*needs JavaScript.*<\/noscript>/);
  });

  test.each(['/', '/page/style.css', '/page/app.js'])(
    'is compressed for a browser that takes gzip: %s',
    async (path) => {
      const plain = await servePage(path);
      for (const accepted of ['gzip, deflate, br', 'br;q=1.0, gzip;q=0.8']) {
        const response = await servePage(path, { headers: { 'accept-encoding': accepted } });
        expect(response?.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
        expect(gunzipSync(response?.body ?? '')).toEqual(plain?.body);
      }
      for (const refused of ['', 'br', 'gzip;q=0', 'gzip;q=0.0, br', 'xgzip']) {
        const response = await servePage(path, { headers: { 'accept-encoding': refused } });
        expect([refused, response?.body, response?.headers.vary]).toEqual([
          refused,
          plain?.body,
          'accept-encoding',
        ]);
      }
    },
  );

  test('is not sent again while it is the same', async () => {
    const deployment = 'logs.example/dev';
    const etag = (await servePage('/', { deployment }))?.headers.etag ?? '';
    for (const given of [etag, `"other", ${etag}`, '*']) {
      const response = await servePage('/', { deployment, headers: { 'if-none-match': given } });
      expect([response?.status, response?.headers.etag, response?.body.length]).toEqual([304, etag, 0]);
      expect(response?.headers['cache-control']).toBe('no-cache');
    }
    const other = await servePage('/', {
      deployment: 'logs.example/prod',
      headers: { 'if-none-match': etag },
    });
    expect(other?.status).toBe(200);
  });

  test(`has scripts of at most ${LARGEST_SCRIPTS / 1_000} KB for a first view, as they are sent`, async () => {
    const names = ['app.js', ...scriptsNamedIn(String((await servePage('/'))?.body))];
    let bytes = 0;
    for (const name of names) {
      const response = await servePage(`/page/${name}`, { headers: { 'accept-encoding': 'gzip' } });
      bytes += response?.body.length ?? 0;
    }
    expect(bytes).toBeLessThanOrEqual(LARGEST_SCRIPTS);
  });

  test.each([
    '/page/serve-page.ts',
    '/page/app.ts',
    '/page/tsconfig.json',
    '/page/index.html',
    '/page/chunk-AAAAAAAA.js',
    '/page/../page/app.js',
    '/page//app.js',
    '/app.js',
    '/page/page/app.js',
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

describe('The page of an installed package', () => {
  let folder: string;
  let installed: string;
  let serve: typeof servePage;

  /** A copy of the package, with its libraries beside it and not within it. */
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'installed-page-'));
    installed = join(folder, 'package');
    await mkdir(join(folder, 'node_modules'));
    for (const part of ['page', 'client', 'entities', 'package.json', 'tsconfig.json'])
      await cp(join(ROOT, part), join(installed, part), { recursive: true });
    await symlink(join(ROOT, 'node_modules/esbuild'), join(folder, 'node_modules/esbuild'));
    ({ servePage: serve } = await import(pathToFileURL(join(installed, 'page/serve-page.ts')).href));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is bundled, and once more after a file has changed', async () => {
    const before = await serve('/page/app.js');
    expect(before?.status).toBe(200);
    const file = join(installed, 'page/notices.ts');
    await writeFile(file, (await readFile(file, 'utf8')).replace("'Loading…'", "'Changed…'"));
    const after = String((await serve('/page/app.js'))?.body);
    expect([String(before?.body).includes('Changed\\u2026'), after.includes('Changed\\u2026')]).toEqual([
      false,
      true,
    ]);
  });

  test('says which line of a module is wrong, and works again once it is repaired', async () => {
    const file = join(installed, 'client/query.ts');
    const source = await readFile(file, 'utf8');
    await writeFile(file, `${source}\nconst = 5;\n`);
    const response = await serve('/page/app.js');
    expect(response?.status).toBe(500);
    expect(String(response?.body)).toMatch(/client\/query\.ts:\d+:6: Expected identifier/);
    expect((await serve('/'))?.status).toBe(200);
    await writeFile(file, source);
    expect((await serve('/page/app.js'))?.status).toBe(200);
  });
});

function scriptsNamedIn(html: string): string[] {
  return [...html.matchAll(/rel="modulepreload" href="page\/([^"]+)"/g)].map(([, name = '']) => name);
}

/** The scripts that one imports before it runs. */
function importedBy(script: string): string[] {
  return [...script.matchAll(/(?:from|import)"\.\/([^"]+)"/g)].map(([, name = '']) => name);
}
