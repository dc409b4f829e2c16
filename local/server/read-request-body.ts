import type { IncomingMessage } from 'node:http';
import { HttpProblem } from '../../handlers/http/http-problem.ts';
import { bodyTooLarge } from '../../handlers/ingest/read-body.ts';
import { WIRE_LIMIT_BYTES } from '../../handlers/limits.ts';
import type { Admission } from './admission.ts';

/** Time that a client has to finish sending a body that has already been refused. */
const LINGER_MS = 1_000;

/**
 * The body of a request. The server never keeps more of it than the limit of API Gateway.
 * @param stallMs milliseconds in which LEAST_BYTES must arrive, or the body is given up
 * @throws HttpProblem 413 when the body is longer, 503 when the bodies of other requests leave no room, 408 when too
 *   little of it arrives
 */
export async function readRequestBody(
  request: IncomingMessage,
  admission: Admission,
  stallMs: number,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > WIRE_LIMIT_BYTES) throw bodyTooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Without this option, leaving the loop early destroys the request, and with it the connection for the answer.
    for await (const chunk of unlessStalled(request.iterator({ destroyOnReturn: false }), stallMs)) {
      if (length + chunk.length > WIRE_LIMIT_BYTES) throw bodyTooLarge();
      admission.reserve(chunk.length, length + chunk.length);
      length += chunk.length;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    admission.release(length);
  }
}

/** A body that arrives more slowly than this in the time for a stall makes no progress either. */
const LEAST_BYTES = 1_024;

/** The chunks of a body. @throws HttpProblem 408 when too little arrives in time */
async function* unlessStalled(
  chunks: AsyncIterableIterator<Buffer>,
  stallMs: number,
): AsyncGenerator<Buffer> {
  let isStalled = false;
  let timer: NodeJS.Timeout | undefined;
  const stall = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isStalled = true;
      reject(stalled());
    }, stallMs);
  });
  let bytes = 0;
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), stall]);
      if (next.done) return;
      yield next.value;
      bytes += next.value.length;
      if (bytes < LEAST_BYTES) continue;
      timer?.refresh();
      bytes = 0;
    }
  } finally {
    clearTimeout(timer);
    // A stalled iterator would only return after its next chunk.
    if (!isStalled) await chunks.return?.();
  }
}

function stalled(): HttpProblem {
  return new HttpProblem(408, 'The body stopped arriving before its end: send the request again', {
    headers: { Connection: 'close' },
  });
}

/**
 * Reads and drops the remainder of a refused body, for a limited time because a body may have no end. A client whose
 * connection is closed in the middle of its body may never read the answer (RFC 9112 section 9.6).
 */
export function dropRemainder(request: IncomingMessage): void {
  if (request.complete) return;
  request.resume();
  const hangUp = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(hangUp));
}
