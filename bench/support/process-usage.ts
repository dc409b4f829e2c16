import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface Usage {
  memoryMib: number;
  openFiles: number;
  dataMib: number;
  dataFiles: number;
}

/** What a process of this machine (Linux) uses, and what it has stored in a folder. */
export async function usageOf({ pid, folder }: { pid: number; folder: string }): Promise<Usage> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const files = await readdir(folder);
  // A file may be deleted while they are counted.
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(folder, file)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return {
    memoryMib: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024),
    openFiles: (await readdir(`/proc/${pid}/fd`)).length,
    dataMib: Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1_024 / 1_024),
    dataFiles: files.length,
  };
}
