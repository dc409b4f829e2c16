import { Writable } from 'node:stream';
import type { Terminal } from '../../cli/arguments.ts';
import { run } from '../../cli/run.ts';

export interface TestTerminal extends Terminal {
  /** What has been written so far. */
  out(): string;
  err(): string;
}

/** A terminal that records what is written to it. */
export function openTerminal({
  env = {},
  colours = false,
  columns,
  signal,
}: {
  env?: Terminal['env'];
  colours?: boolean;
  columns?: number;
  signal?: AbortSignal;
} = {}): TestTerminal {
  const [stdout, stderr] = [new KeptText(), new KeptText()];
  return {
    stdout: Object.assign(stdout, { columns }, colours && { isTTY: true, hasColors: () => true }),
    stderr,
    env,
    signal,
    out: () => stdout.text,
    err: () => stderr.text,
  };
}

/** Runs the `logs` command in this process, with pipes for a terminal. */
export async function runLogs(
  ...argv: string[]
): Promise<{ code: number; out: string; err: string; lines: string[] }> {
  const terminal = openTerminal();
  const code = await run(argv, terminal);
  return { code, out: terminal.out(), err: terminal.err(), lines: terminal.out().split('\n').slice(0, -1) };
}

class KeptText extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}
