import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { createWriteStream } from 'pino-http-send';

const SEVERITIES: Record<string, string> = { warn: 'warning', error: 'error', fatal: 'error' };

export function createPinoLogger(url: string, headers: Record<string, string>): pino.Logger {
  const stream = createWriteStream({
    url,
    headers,
    bodyType: 'ndjson',
    batchSize: 500,
    timeout: 1_000,
    // By default it drops a batch after five tries.
    retries: Number.POSITIVE_INFINITY,
    interval: 1_000,
  });
  return pino(
    {
      base: null,
      messageKey: 'message',
      timestamp: () => `,"datetime":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ severity: SEVERITIES[level] ?? 'info' }) },
      // Made once, so that a line that is sent again is the same entry.
      mixin: () => ({ id: randomUUID() }),
      // A line that brings an id of its own keeps it, and stands in the batch with one id.
      mixinMergeStrategy: (line, mixin) => ({ ...mixin, ...line }),
    },
    stream,
  );
}
