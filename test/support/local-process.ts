import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A server as `npm start` starts it, in a process of its own. */
export interface LocalProcess {
  url: string;
  /** What it has printed so far, on both streams. */
  output(): string;
  /** Sends a signal and waits for the end. Gives the exit code; null where the signal itself ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts a server on a free port and waits until it says where it listens. */
export async function startLocalProcess(environment: Record<string, string>): Promise<LocalProcess> {
  const started = spawnLocal({ PORT: '0', ...environment });
  const url = await new Promise<string>((resolve, reject) => {
    started.child.stdout?.on('data', () => {
      // The last line of the greeting.
      const [, address] = /^ +curl (.+)\/logs\n/m.exec(started.output()) ?? [];
      if (address) resolve(address);
    });
    started.child.once('exit', () => reject(new Error(`The server did not start: ${started.output()}`)));
  });
  return {
    url,
    output: started.output,
    end: async (signal) => {
      started.child.kill(signal);
      return started.exitCode;
    },
  };
}

/** Starts a server that is to fail, and waits for its end. */
export async function failLocalProcess(environment: Record<string, string>) {
  const { exitCode, output } = spawnLocal(environment);
  return { exitCode: await exitCode, output: output() };
}

function spawnLocal(environment: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'local/start.ts'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      output += text;
    });
  }
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => output, exitCode };
}
