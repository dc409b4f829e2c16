import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';

const TRIES = 3;

/** Sends the events of a CloudWatch Logs subscription to POST /v1/json. If it throws, Lambda calls it again. */
export async function handler({ awslogs }) {
  const { messageType, logGroup, logStream, logEvents } = JSON.parse(
    gunzipSync(Buffer.from(awslogs.data, 'base64')).toString(),
  );
  if (messageType !== 'DATA_MESSAGE') return;
  const lines = logEvents.map(({ id, timestamp, message }) =>
    JSON.stringify({ id, timestamp, message, log_group: logGroup, log_stream: logStream }),
  );
  const body = gzipSync(lines.join('\n'));
  for (let left = TRIES; left > 0; left--) {
    const headers = { 'x-api-key': process.env.LOGS_API_KEY };
    const response = await fetch(process.env.LOGS_URL, { method: 'POST', headers, body }).catch(
      () => undefined,
    );
    // After 400 the service keeps the events as dead letters.
    if (response?.status === 200 || response?.status === 400) return;
    if (left === 1) throw new Error(`The log service answered ${response?.status ?? 'nothing'}`);
    await delay(1_000 * Number(response?.headers.get('Retry-After') ?? 1));
  }
}
