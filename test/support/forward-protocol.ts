import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A record with its time, as Docker's logging driver `fluentd` sends it with sub-second precision. */
export interface ForwardRecord {
  seconds: number;
  nanoseconds: number;
  record: Record<string, string>;
}

/** Sends records by Fluentd's forward protocol, each in a message of its own, and waits until all are acknowledged. */
export async function sendForward(port: number, tag: string, records: ForwardRecord[]): Promise<void> {
  const socket = await connected(port);
  let acknowledged = 0;
  socket.on('data', (data) => {
    acknowledged += data.toString('latin1').split('\xa3ack').length - 1;
  });
  for (const record of records) socket.write(messageOf(tag, record));
  while (acknowledged < records.length) await once(socket, 'data');
  socket.end();
  await once(socket, 'close');
}

/** A connection to a port of this machine, as soon as a program listens there. */
async function connected(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
    }
  }
}

/** [tag, time, record, {"chunk": ...}] in MessagePack. */
function messageOf(tag: string, { seconds, nanoseconds, record }: ForwardRecord): Buffer {
  const time = Buffer.from([0xd7, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  time.writeUInt32BE(seconds, 2);
  time.writeUInt32BE(nanoseconds, 6);
  return Buffer.concat([Buffer.from([0x94]), text(tag), time, map(record), map({ chunk: tag })]);
}

function map(record: Record<string, string>): Buffer {
  const members = Object.entries(record);
  return Buffer.concat([Buffer.from([0x80 + members.length]), ...members.flat().map(text)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const head = Buffer.from([0xdb, 0, 0, 0, 0]);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
