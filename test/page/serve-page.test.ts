import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { servePage } from '../../page/serve-page.ts';

/** Bytes: with the style and the page itself within a second at 400 kbit/s. */
const LARGEST_SCRIPT = 36_000;
const ROOT = new URL('../../', import.meta.url).pathname;

describe('The page, as it is served', () => {
  test('names files that are served', async () => {
    const html = String((await servePage('/'))?.body);
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file);
    expect(files).toEqual(['page/icon.svg', 'page/style.css', 'page/app.js']);
    for (const file of files) expect((await servePage(`/${file}`))?.status).toBe(200);
  });

  test('is one script without imports, with a source map beside it', async () => {
    const response = await servePage('/page/app.js');
    expect(response?.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(String(response?.body)).not.toMatch(/^(?:import|export|interface|type) /m);
    const { sources } = JSON.parse(String((await servePage('/page/app.js.map'))?.body));
    expect(sources).toEqual(
      expect.arrayContaining(['feed.ts', '../client/follow.ts', '../entities/instant.ts']),
    );
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

  test(`has a script of at most ${LARGEST_SCRIPT / 1_000} KB as it is sent`, async () => {
    const response = await servePage('/page/app.js', { headers: { 'accept-encoding': 'gzip' } });
    expect(response?.body.length).toBeLessThanOrEqual(LARGEST_SCRIPT);
  });

  test.each([
    '/page/serve-page.ts',
    '/page/app.ts',
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
    for (const library of ['ansi-sequence-parser', 'esbuild'])
      await symlink(join(ROOT, 'node_modules', library), join(folder, 'node_modules', library));
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
