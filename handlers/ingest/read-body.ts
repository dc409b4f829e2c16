import { gunzipSync } from 'node:zlib';
import { HttpProblem } from '../http/http-problem.ts';
import { UNPACKED_LIMIT_BYTES, WIRE_LIMIT_BYTES } from '../limits.ts';

/** RFC 1952 section 2.3.1: every gzip member begins with these bytes. */
const GZIP_MAGIC = [0x1f, 0x8b];

interface Body {
  body: string;
  isBase64Encoded: boolean;
  headers: Record<string, string>;
}

/**
 * The bytes of a body, unpacked if they are gzip. Gzip is recognised by its first bytes, because some shippers
 * send no Content-Encoding.
 * @throws HttpProblem 413 over a size limit, 415 for another encoding, 400 for damaged gzip
 */
export function readBody({ body, isBase64Encoded, headers }: Body): Buffer {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > WIRE_LIMIT_BYTES) throw bodyTooLarge();
  if (bytes[0] === GZIP_MAGIC[0] && bytes[1] === GZIP_MAGIC[1]) return gunzip(bytes);
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== '')
    throw new HttpProblem(
      415,
      `Content-Encoding ${encoding} is not supported: send the body plain or as gzip`,
      {
        headers: { 'Accept-Encoding': 'gzip' },
      },
    );
  return bytes;
}

/** 413: the body is over WIRE_LIMIT_BYTES. */
export function bodyTooLarge(): HttpProblem {
  const limit = WIRE_LIMIT_BYTES.toLocaleString('en');
  return new HttpProblem(
    413,
    `The body is over ${limit} bytes: switch on gzip in the shipper, or make its batches smaller`,
  );
}

function gunzip(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: UNPACKED_LIMIT_BYTES });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new HttpProblem(
        413,
        `The body is over ${UNPACKED_LIMIT_BYTES / 1024 / 1024} MiB once unpacked: make the shipper's batches smaller`,
        { cause },
      );
    throw new HttpProblem(400, 'The body begins like gzip but cannot be unpacked: it is cut off or damaged', {
      cause,
    });
  }
}
