import type { Writable } from 'node:stream';

/** What the command is run in. `signal` ends `--follow` and `--web`, as Ctrl-C does. */
export interface Terminal {
  stdout: Writable & { isTTY?: boolean; hasColors?: () => boolean };
  stderr: Writable;
  env: Record<string, string | undefined>;
  signal?: AbortSignal;
}
