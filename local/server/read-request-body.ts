import type { IncomingMessage } from 'node:http';
import { bodyTooLarge } from '../../handlers/ingest/read-body.ts';
import { WIRE_LIMIT_BYTES } from '../../handlers/limits.ts';
import type { Admission } from './admission.ts';

/** Time that a client has to finish a body that was refused already. */
const LINGER_MS = 1_000;

/**
 * The body of a request. What the server holds of it is never more than the bound on the wire.
 * @throws HttpProblem 413 when it is longer, 503 when the server holds too much of others already
 */
export async function readRequestBody(request: IncomingMessage, admission: Admission): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > WIRE_LIMIT_BYTES) throw bodyTooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Breaking out of `for await` would destroy the request, and with it the connection that carries the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (length + chunk.length > WIRE_LIMIT_BYTES) throw bodyTooLarge();
      admission.hold(chunk.length);
      length += chunk.length;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    admission.release(length);
  }
}

/**
 * Reads and drops what is still to come of a refused body, for a while: a client that is hung up on amid its
 * body may never get to the answer (RFC 9112 section 9.6), and a body may have no end.
 */
export function dropRest(request: IncomingMessage): void {
  if (request.complete) return;
  request.resume();
  const hangUp = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(hangUp));
}
