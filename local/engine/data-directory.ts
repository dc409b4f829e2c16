import { mkdir, readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes that stay free: LevelDB needs room to merge its files, and after a write that failed, to open them again. */
const LEAST_FREE_BYTES = 32 * 1024 * 1024;

/** LevelDB's file that names the others. While the store is open it is there. */
const CURRENT = 'CURRENT';

/**
 * Makes a data directory where there is none.
 * @throws Error when it has lost parts: LevelDB would take what is left for an empty store, and delete it
 */
export async function prepareDataDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const missing = missingPart(await readdir(directory));
  if (missing !== undefined) throw new Error(`${missing} is missing`);
}

/** Why nothing can be stored in a directory that is in use, and what to do about it; undefined where it can. */
export async function obstacleIn(
  directory: string,
): Promise<{ isGone: boolean; reason: string } | undefined> {
  try {
    await stat(join(directory, CURRENT));
    const { bavail, bsize } = await statfs(directory);
    if (bavail * bsize >= LEAST_FREE_BYTES) return undefined;
    return {
      isGone: false,
      reason: `The disk of ${directory} is full: make room, and entries are stored again`,
    };
  } catch {
    const reason = `The data directory ${directory} is gone: put it back, or start the server again to begin without data`;
    return { isGone: true, reason };
  }
}

/** An error that keeps a store from opening, as one that says what to do. */
export function describeOpenError(cause: unknown, directory: string): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new Error(explain(code, message, directory), { cause });
}

function explain(code: string | undefined, message: string, directory: string): string {
  if (code === 'LEVEL_LOCKED')
    return `The data in ${directory} are in use by another server: stop it, or choose another directory with DATA_DIR`;
  if (code === 'ENOSPC' || message.includes('No space left'))
    return `The disk of ${directory} is full: make room, or choose another directory with DATA_DIR`;
  if (code === 'EACCES' || code === 'EROFS' || message.includes('Permission denied'))
    return `The data in ${directory} cannot be written (${message}): allow it, or choose another directory with DATA_DIR`;
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return `${directory} is no directory: choose another with DATA_DIR`;
  return `The data in ${directory} cannot be opened (${message}): restore the directory from a backup, or choose another with DATA_DIR to begin without data`;
}

/** A store that holds something has tables or logs, and always a log that it writes to. */
function missingPart(files: string[]): string | undefined {
  const has = (pattern: RegExp) => files.some((file) => pattern.test(file));
  if (!files.includes(CURRENT)) return has(/^\d+\.(ldb|sst|log)$/) ? CURRENT : undefined;
  const isNew = files.includes('MANIFEST-000001');
  return has(/^\d+\.log$/) || isNew ? undefined : 'its log';
}
