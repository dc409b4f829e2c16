import type { Writable } from 'node:stream';

/** What the command runs in. `signal` ends `--follow` and `--web`, as Ctrl-C does. */
export interface Terminal {
  stdout: Writable & { isTTY?: boolean; columns?: number; hasColors?: () => boolean };
  stderr: Writable;
  env: Record<string, string | undefined>;
  signal?: AbortSignal;
}
