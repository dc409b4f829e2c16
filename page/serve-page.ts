import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface PageResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const ROOT = new URL('../', import.meta.url);
const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** The one library of the page. It may be installed beside this package and not within it. */
const LIBRARY = 'node_modules/ansi-sequence-parser/dist/index.js';
const LIBRARY_FILE = new URL(
  'index.js',
  pathToFileURL(createRequire(import.meta.url).resolve('ansi-sequence-parser')),
);
/**
 * Every file of the repository that a browser may load, by the path of its URL. The paths are those of the
 * files, so that relative imports lead to the same module in the browser as here.
 */
const FILES = new Map([
  ['/', 'page/index.html'],
  ...[
    ...filesIn('page').filter((file) => !['page/index.html', 'page/serve-page.ts'].includes(file)),
    ...filesIn('client'),
    'entities/entry.ts',
    'entities/matches.ts',
    'entities/json-text.ts',
    'entities/instant.ts',
    LIBRARY,
  ].map((file) => [`/${file}`, file] as const),
]);

// Log messages are hostile text. The page loads nothing from other hosts and runs no inline script. With trusted
// types even a slip such as innerHTML throws, and does not turn text into markup.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/**
 * The answer to a GET of the page or one of its files; undefined for a path that is none of them.
 * @param deployment what the page says it shows; the host that it is served from when it is left out
 */
export async function servePage(path: string, deployment?: string): Promise<PageResponse | undefined> {
  const file = FILES.get(path);
  if (file === undefined) return undefined;
  const content = await readFile(file === LIBRARY ? LIBRARY_FILE : new URL(file, ROOT));
  const extension = extname(file);
  return {
    status: 200,
    headers: { ...HEADERS, 'content-type': CONTENT_TYPES[extension] ?? '' },
    body: extension === '.ts' ? await withoutTypes(file, content) : withDeployment(file, content, deployment),
  };
}

function withDeployment(file: string, content: Buffer, deployment = ''): Buffer {
  if (file !== 'page/index.html') return content;
  const escaped = deployment.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return Buffer.from(
    String(content).replace('name="deployment" content=""', () => `name="deployment" content="${escaped}"`),
  );
}

const stripped = new Map<string, { source: Buffer; script: Promise<Buffer> }>();

/** The script of a TypeScript module, made once for as long as the file stays the same. */
function withoutTypes(file: string, source: Buffer): Promise<Buffer> {
  const known = stripped.get(file);
  if (known?.source.equals(source)) return known.script;
  const script = stripTypes(source);
  stripped.set(file, { source, script });
  return script;
}

/** Loads esbuild only when the page is asked for: the terminal program and most tests never need it. */
async function stripTypes(source: Buffer): Promise<Buffer> {
  const { transform } = await import('esbuild');
  const { code } = await transform(source, { loader: 'ts' });
  return Buffer.from(code);
}

function filesIn(folder: string): string[] {
  return readdirSync(new URL(`${folder}/`, ROOT))
    .filter((name) => extname(name) in CONTENT_TYPES)
    .map((name) => `${folder}/${name}`);
}
