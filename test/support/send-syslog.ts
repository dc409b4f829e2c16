import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { ShippedLine } from './shipped-lines.ts';

/** Sends bytes to a syslog daemon on a port of this machine as soon as it listens there. */
export async function sendSyslog(port: number, bytes: string | Buffer): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.end(bytes);
      await once(socket, 'close');
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
    }
  }
}

/** Syslog's numbers of severities. */
const LEVEL_NUMBERS = { info: 6, warn: 4, error: 3 };

/** A line longer than syslog daemons take by default, with a tab, which they escape. */
const LONG_TEXT = `\t${'long '.repeat(20_000)}.`;

const textOf = ({ number }: ShippedLine) => (number === 1 ? `1${LONG_TEXT}` : `${number}`);

/** Lines as RFC 3164 has them, though with the times of RFC 5424. */
export function toSyslog(tag: string, shipped: ShippedLine[]): string {
  const lines = shipped.map((line) => {
    const date = line.isPoison ? '2099-01-01T00:00:00Z' : line.datetime;
    return `<${8 + LEVEL_NUMBERS[line.level]}>${date} web-1 ${tag}: ${textOf(line)}\n`;
  });
  return lines.join('');
}

/** The message of a line that was sent so. */
export const syslogMessage = (tag: string) => (line: ShippedLine) => `web-1 ${tag}: ${textOf(line)}`;

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
