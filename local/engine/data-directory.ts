import { mkdir, mkdtemp, readdir, readFile, rm, stat, statfs, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Bytes that must stay free: LevelDB needs them to merge its files, and to open them again after a failed write. */
const LEAST_FREE_BYTES = 32 * 1024 * 1024;

/** LevelDB's file that names the others. It exists for as long as the store is open. */
const CURRENT = 'CURRENT';

/** Entries are for the user alone that stores them. */
const OWNER_ONLY = 0o700;

const TABLE_FILE = /^\d+\.(?:ldb|sst)$/;
/** The line of LevelDB's log about a table that cannot be read completely. */
const DAMAGED_TABLE = /Table #(\d+): \d+ entries (?!OK$|repaired$)(.+)$/gm;

/** The texts that LevelDB repeats from the system when it may not write. Node has a code for each. */
const MAY_NOT_WRITE = /Permission denied|Read-only file system|Operation not permitted/;

/**
 * Creates the data directory if there is none, for its owner alone.
 * @throws Error when files of an existing one are missing: LevelDB would treat it as empty and delete the others
 */
export async function prepareDataDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: OWNER_ONLY });
  const missing = missingPart(await readdir(directory));
  if (missing !== undefined) throw new Error(`${missing} is missing`);
}

/** Why nothing can be stored in a directory that is in use, and what to do about it; undefined if entries can be stored. */
export async function obstacleIn(
  directory: string,
): Promise<{ isGone: boolean; reason: string } | undefined> {
  try {
    await stat(join(directory, CURRENT));
    const { bavail, bsize } = await statfs(directory);
    if (bavail * bsize >= LEAST_FREE_BYTES) return undefined;
    return {
      isGone: false,
      reason: `The disk of ${directory} is full: free some space, and entries are stored again`,
    };
  } catch {
    const reason = `The data directory ${directory} is gone: put it back, or start the server again without data`;
    return { isGone: true, reason };
  }
}

/** Names the damaged files, and says what to do. LevelDB's repair moves what it cannot read to the folder `lost`. */
export async function describeDamage(message: string, directory: string): Promise<string> {
  const damaged = await findDamage(directory).catch(() => []);
  const what = damaged.length > 0 ? damaged.join('; ') : message;
  const repair = `node -e "require('classic-level').ClassicLevel.repair('${directory}')"`;
  return `A file in ${directory} is damaged (${what}): stop the server, and restore the directory from a backup, or keep what can be read with: ${repair}`;
}

/**
 * The damaged tables of a store, each with what is wrong with it. LevelDB does not say which file an error is about,
 * except in its log of a repair. What is repaired here is a folder of links, so nothing in the store changes.
 */
async function findDamage(directory: string): Promise<string[]> {
  const { Level } = createRequire(createRequire(import.meta.url).resolve('dynalite'))('level');
  const folder = await mkdtemp(join(tmpdir(), 'log-tables-'));
  try {
    const tables = (await readdir(directory)).filter((file) => TABLE_FILE.test(file));
    await Promise.all(tables.map((file) => symlink(resolve(directory, file), join(folder, file))));
    await Level.repair(folder);
    const log = await readFile(join(folder, 'LOG'), 'utf8');
    return [...log.matchAll(DAMAGED_TABLE)].map(([, number, fault]) => {
      const file = tables.find((name) => Number.parseInt(name, 10) === Number(number));
      return fault?.includes(String(file)) ? fault : `${file}: ${fault}`;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Explains an error that kept a store from opening, and what to do about it. */
export function describeOpenError(cause: unknown, directory: string): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new Error(explain(code, message, directory), { cause });
}

function explain(code: string | undefined, message: string, directory: string): string {
  if (code === 'LEVEL_LOCKED')
    return `The data in ${directory} are in use by another server: stop it, or choose another directory with DATA_DIR`;
  if (code === 'ENOSPC' || message.includes('No space left'))
    return `The disk of ${directory} is full: free some space, or choose another directory with DATA_DIR`;
  if (['EACCES', 'EROFS', 'EPERM'].includes(String(code)) || MAY_NOT_WRITE.test(message))
    return `The data in ${directory} cannot be written (${message}): allow writing, or choose another directory with DATA_DIR`;
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return `${directory} is not a directory: choose another with DATA_DIR`;
  return `The data in ${directory} cannot be opened (${message}): restore the directory from a backup, or choose another with DATA_DIR to start without data`;
}

/** The file that is missing. A store with data has tables or logs, and always the log that it writes to. */
function missingPart(files: string[]): string | undefined {
  const has = (pattern: RegExp) => files.some((file) => pattern.test(file));
  if (!files.includes(CURRENT)) return has(/^\d+\.(ldb|sst|log)$/) ? CURRENT : undefined;
  const isNew = files.includes('MANIFEST-000001');
  return has(/^\d+\.log$/) || isNew ? undefined : 'its log';
}
