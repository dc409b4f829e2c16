import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

export interface PageResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const FOLDER = new URL('./', import.meta.url);
const FILES = new Set(readdirSync(FOLDER).filter((name) => extname(name) in CONTENT_TYPES));

// Log messages are hostile text. The page asks no other host for anything, runs no inline script, and with
// trusted types even a slip such as innerHTML throws instead of turning text into markup.
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

/** The page's answer to a GET of this path, `/` and its own files; undefined for any path that isn't the page's. */
export function servePage(path: string): PageResponse | undefined {
  const name = path === '/' ? 'index.html' : path.slice(1);
  if (!FILES.has(name)) return undefined;
  return {
    status: 200,
    headers: { ...HEADERS, 'content-type': CONTENT_TYPES[extname(name)] ?? '' },
    body: readFileSync(new URL(name, FOLDER)),
  };
}
