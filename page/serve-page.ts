import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { type PageFile, pageFile } from './page-files.ts';
import { readSearches } from './saved-searches.ts';

export interface PageResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface PageRequest {
  /** The name of the deployment that the page shows; by default the host that it is served from. */
  deployment?: string;
  /** Where to look for saved searches; by default the working directory. */
  folder?: string;
  /** The headers of the request, with names in lower case. */
  headers?: Record<string, string | string[] | undefined>;
}

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
  // Kept by the browser, and used once the server has said that it is unchanged.
  'cache-control': 'no-cache',
  vary: 'accept-encoding',
};

/** RFC 9110 section 12.5.3: a coding with `q=0` is not acceptable. */
const ACCEPTS_GZIP = /(?:^|,)\s*gzip\s*(?:;\s*q=(?:1|0?\.\d*[1-9])[\d.]*\s*)?(?:,|$)/i;

/**
 * The answer to a GET of the page or one of its files; undefined for a path that is none of them. It is 304 to a
 * browser that has the same already, and 500 with the reason while a module cannot be bundled.
 */
export async function servePage(
  path: string,
  { deployment = '', folder, headers = {} }: PageRequest = {},
): Promise<PageResponse | undefined> {
  const file = await pageFile(path);
  if (!file) return undefined;
  const body =
    path === '/' ? withSettings(String(file.body), { deployment, searches: searchesOf(folder) }) : file.body;
  if (file.isFault) return { status: 500, headers: { ...HEADERS, 'content-type': file.type }, body };

  const { etag, zipped } = await coded(path, body);
  const given = String(headers['if-none-match'] ?? '').split(/\s*,\s*/);
  if (given.includes(etag) || given.includes('*'))
    return { status: 304, headers: { ...HEADERS, etag }, body: Buffer.of() };
  const found = { ...HEADERS, etag, 'content-type': file.type };
  return ACCEPTS_GZIP.test(String(headers['accept-encoding'] ?? ''))
    ? { status: 200, headers: { ...found, 'content-encoding': 'gzip' }, body: zipped }
    : { status: 200, headers: found, body };
}

function searchesOf(folder: string | undefined): string {
  return JSON.stringify(readSearches(folder)?.searches ?? {});
}

/** Fills in the meta elements that carry settings. */
function withSettings(html: string, settings: Record<string, string>): Buffer {
  let filled = html;
  for (const [name, value] of Object.entries(settings)) {
    const escaped = value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    filled = filled.replace(`name="${name}" content=""`, () => `name="${name}" content="${escaped}"`);
  }
  return Buffer.from(filled);
}

interface Coded {
  /** Weak, since it names the content and not its coding. */
  etag: string;
  zipped: Buffer;
}

/** By path, so that an unchanged file is compressed once. */
const known = new Map<string, Coded>();

async function coded(path: string, body: PageFile['body']): Promise<Coded> {
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const last = known.get(path);
  if (last?.etag === etag) return last;
  const next = { etag, zipped: await promisify(gzip)(body, { level: constants.Z_BEST_COMPRESSION }) };
  known.set(path, next);
  return next;
}
