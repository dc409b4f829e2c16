import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Chromium {
  executablePath: string;
  env?: Record<string, string>;
}

const PACKAGE = new URL('../node_modules/@sparticuz/chromium/package.json', import.meta.url);
const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The browser for tests and measurements: on Linux x64 the one of the npm package, so that every machine runs the same, and
 * elsewhere the one that is installed. Undefined when there is none.
 */
export async function findChromium(): Promise<Chromium | undefined> {
  if (process.platform === 'linux' && process.arch === 'x64') return packagedChromium();
  const executablePath = INSTALLED.find((path) => existsSync(path));
  return executablePath === undefined ? undefined : { executablePath };
}

async function packagedChromium(): Promise<Chromium> {
  const { version } = JSON.parse(await readFile(PACKAGE, 'utf8'));
  const folder = join(tmpdir(), `chromium-${version}`);
  if (!existsSync(folder)) await unpack(folder);
  return {
    executablePath: join(folder, 'chromium'),
    // The libraries and the font of the package are for machines that have none, such as slim containers.
    env: { LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  };
}

/**
 * The package unpacks into the temporary folder, and uses files of any version that it finds there, even incomplete
 * ones. So it unpacks into a folder of its own, which is renamed when it is complete.
 */
async function unpack(folder: string): Promise<void> {
  const unpacking = await mkdtemp(`${folder}-`);
  const script = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: new URL('../', import.meta.url),
    // On Amazon Linux, which it takes this for, the package unpacks its libraries too.
    env: { ...process.env, TMPDIR: unpacking, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  });
  await writeFile(
    join(unpacking, 'fonts.conf'),
    `<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>${folder}/fonts/fonts</dir></fontconfig>`,
  );
  await rename(unpacking, folder).catch((error: NodeJS.ErrnoException) => {
    // Another process was faster.
    if (!existsSync(folder)) throw error;
    return rm(unpacking, { recursive: true });
  });
}
