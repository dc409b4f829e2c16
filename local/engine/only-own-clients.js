import { createHash, timingSafeEqual } from 'node:crypto';

/** The engine listens on this address only. A page whose host name was made to point to it sends that name. */
const OWN_HOST = /^127\.0\.0\.1(?::\d+)?$/;
const CREDENTIAL = /^AWS4-HMAC-SHA256 .*?Credential=([^/,\s]+)\//;

/**
 * Lets a server answer the requests of its own clients only. Every program and every web page of this machine can
 * reach a loopback port, and dynalite accepts any signature from any origin. Own clients know the access key id, which
 * is random in each start; the signature itself is not verified.
 * @param {import('node:http').Server} server
 * @param {string} accessKeyId
 */
export function answerOnlyOwnClients(server, accessKeyId) {
  const answers = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (!isOwn(request, accessKeyId)) return refuse(response);
    for (const answer of answers) answer.call(server, request, response);
  });
}

function isOwn({ method, headers }, accessKeyId) {
  const { host = '', origin, authorization = '' } = headers;
  // The SDK sends POST only, and no Origin.
  if (method !== 'POST' || origin !== undefined || !OWN_HOST.test(host)) return false;
  const [, given = ''] = CREDENTIAL.exec(authorization) ?? [];
  return timingSafeEqual(digest(given), digest(accessKeyId));
}

/** The body is not read, so the connection cannot be used again. */
function refuse(response) {
  response.writeHead(403, { Connection: 'close', 'Content-Type': 'text/plain' });
  response.end('This engine answers only the service that started it\n');
}

function digest(text) {
  return createHash('sha256').update(text).digest();
}
