import type { IncomingMessage } from 'node:http';
import { bodyTooLarge } from '../../handlers/ingest/read-body.ts';
import { WIRE_LIMIT_BYTES } from '../../handlers/limits.ts';
import type { Admission } from './admission.ts';

/** Time that a client has to finish sending a body that has already been refused. */
const LINGER_MS = 1_000;

/**
 * The body of a request. The server never keeps more of it than the limit of API Gateway.
 * @throws HttpProblem 413 when the body is longer, 503 when the bodies of other requests leave no room
 */
export async function readRequestBody(request: IncomingMessage, admission: Admission): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > WIRE_LIMIT_BYTES) throw bodyTooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Without this option, leaving the loop early destroys the request, and with it the connection for the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (length + chunk.length > WIRE_LIMIT_BYTES) throw bodyTooLarge();
      admission.reserve(chunk.length);
      length += chunk.length;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    admission.release(length);
  }
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
