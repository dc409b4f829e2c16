import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from '@jest/globals';

/** Runs a test where programs are installed, which are what they are called with. */
export function whereInstalled(...programs: string[]) {
  try {
    execFileSync('which', programs, { stdio: 'ignore' });
    return test;
  } catch {
    return test.skip;
  }
}

let running: ChildProcess[] = [];

export function startProgram(
  program: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): ChildProcess {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  child.stderr?.resume();
  running.push(child);
  return child;
}

/** Stops what was started, with the programs that it has started itself, as systemd does. */
export async function stopPrograms(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const stopping = running.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  running = [];
  await Promise.all(
    stopping.map(async (program) => {
      process.kill(-Number(program.pid), signal);
      await once(program, 'exit');
    }),
  );
}
