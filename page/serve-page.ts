import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BuildFailure } from 'esbuild';

export interface PageResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const PACKAGE = fileURLToPath(new URL('../', import.meta.url));
/** The files that are served as they are, by the path of their URL. */
const FILES: Record<string, { file: string; type: string }> = {
  '/': { file: 'page/index.html', type: 'text/html; charset=utf-8' },
  '/page/style.css': { file: 'page/style.css', type: 'text/css; charset=utf-8' },
  '/page/icon.svg': { file: 'page/icon.svg', type: 'image/svg+xml' },
};
/** The modules of the page, bundled. The source map is only asked for by developer tools. */
const SCRIPTS: Record<string, string> = {
  '/page/app.js': 'text/javascript; charset=utf-8',
  '/page/app.js.map': 'application/json',
};

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
 * The answer to a GET of the page or one of its files; undefined for a path that is none of them. While a module
 * cannot be bundled, the script is answered with 500 and the reason.
 * @param deployment the name of the deployment that the page shows; by default the host that it is served from
 */
export async function servePage(path: string, deployment = ''): Promise<PageResponse | undefined> {
  if (Object.hasOwn(SCRIPTS, path)) return serveScript(path);
  if (!Object.hasOwn(FILES, path)) return undefined;
  const { file, type } = FILES[path] as { file: string; type: string };
  const content = await readFile(PACKAGE + file);
  return respond(200, type, path === '/' ? withDeployment(String(content), deployment) : content);
}

function respond(status: number, type: string, body: Buffer): PageResponse {
  return { status, headers: { ...HEADERS, 'content-type': type }, body };
}

function withDeployment(html: string, deployment: string): Buffer {
  const escaped = deployment.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return Buffer.from(
    html.replace('name="deployment" content=""', () => `name="deployment" content="${escaped}"`),
  );
}

async function serveScript(path: string): Promise<PageResponse> {
  try {
    const { scripts } = await currentBundle();
    return respond(200, SCRIPTS[path] ?? '', scripts.get(path) ?? Buffer.of());
  } catch (error) {
    const faults = (error as Partial<BuildFailure>).errors;
    if (!faults) throw error;
    const lines = faults.map(({ text, location }) =>
      location ? `${location.file}:${location.line}:${location.column}: ${text}` : text,
    );
    const message = `The page cannot be bundled.\n${lines.join('\n')}\n`;
    return respond(500, 'text/plain; charset=utf-8', Buffer.from(message));
  }
}

interface Bundle {
  /** By the path of the URL. */
  scripts: Map<string, Buffer>;
  /** The files that it was made from, and when they were changed: milliseconds since 1970. */
  inputs: { file: string; changedAt: number }[];
}

let bundle: Promise<Bundle> | undefined;

/** The bundle, made when it is first asked for and again after one of its files has changed. */
async function currentBundle(): Promise<Bundle> {
  const known = bundle;
  const isCurrent = await known?.then(isUpToDate, () => false);
  // While this waited, another request may have begun a new one.
  if (!isCurrent && bundle === known) bundle = makeBundle();
  return bundle as Promise<Bundle>;
}

async function isUpToDate({ inputs }: Bundle): Promise<boolean> {
  const checks = inputs.map(async ({ file, changedAt }) => (await changeTimeOf(file)) === changedAt);
  return (await Promise.all(checks)).every((isSame) => isSame);
}

/** Loads esbuild only when the page is asked for: the terminal program and most tests never need it. */
async function makeBundle(): Promise<Bundle> {
  const { build } = await import('esbuild');
  const startedAt = Date.now();
  const { outputFiles, metafile } = await build({
    absWorkingDir: PACKAGE,
    entryPoints: ['page/app.ts'],
    outfile: 'page/app.js',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const inputs = Object.keys(metafile.inputs).map(async (name) => {
    const file = PACKAGE + name;
    const changedAt = await changeTimeOf(file);
    // A file that changed meanwhile may have been read before that: NaN equals no time.
    return { file, changedAt: changedAt < startedAt ? changedAt : Number.NaN };
  });
  return {
    scripts: new Map(
      outputFiles.map(({ path, contents }) => [
        path.endsWith('.map') ? '/page/app.js.map' : '/page/app.js',
        Buffer.from(contents),
      ]),
    ),
    inputs: await Promise.all(inputs),
  };
}

/** 0 for a file that is gone. */
async function changeTimeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
