import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A server as `npm start` starts it, in a process of its own. */
export interface LocalProcess {
  url: string;
  pid: number;
  /** What it has printed so far to both streams. */
  output(): string;
  /** Waits until it has printed a text. */
  printed(text: string): Promise<void>;
  /** Sends a signal and waits for the end. Returns the exit code, or null if the signal itself ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const LOCAL_SERVER = [process.execPath, '--import', 'tsx', 'local/start.ts'];

/** Starts a server on a free port and waits until it says where it listens. */
export async function startLocalProcess(
  environment: Record<string, string>,
  command = LOCAL_SERVER,
): Promise<LocalProcess> {
  const started = spawnLocal({ PORT: '0', ...environment }, command);
  await started.printed('      curl ');
  const [, url = ''] = /^ +curl (.+)\/logs\n/m.exec(started.output()) ?? [];
  return {
    url,
    pid: Number(started.child.pid),
    output: started.output,
    printed: started.printed,
    end: async (signal) => {
      started.child.kill(signal);
      return started.exitCode;
    },
  };
}

/** Starts a server that should fail, and waits for its end. */
export async function failLocalProcess(environment: Record<string, string>) {
  const { exitCode, output } = spawnLocal(environment, LOCAL_SERVER);
  return { exitCode: await exitCode, output: output() };
}

function spawnLocal(environment: Record<string, string>, [program = '', ...parameters]: string[]) {
  const child: ChildProcess = spawn(program, parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      output += text;
      child.emit('printed');
    });
  }
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  const printed = async (text: string) => {
    const ended = exitCode.then((code) => {
      throw new Error(`The server ended with ${code} before it said "${text}": ${output}`);
    });
    while (!output.includes(text)) await Promise.race([once(child, 'printed'), ended]);
    ended.catch(() => {});
  };
  return { child, output: () => output, printed, exitCode };
}
