import { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { isGzip, isZstd } from '../../handlers/ingest/read-body.ts';
import { UNPACKED_LIMIT_BYTES } from '../../handlers/limits.ts';

/**
 * Bytes of a body once it is unpacked. They are counted by unpacking it and keeping nothing, because what a body says
 * of its own size need not be true. A body that has more than `enough` bytes, or that cannot be unpacked here, counts
 * as the largest body that is accepted.
 */
export async function unpackedLength(body: Buffer, encoding: string, enough: number): Promise<number> {
  if (isZstd(body)) return UNPACKED_LIMIT_BYTES;
  const isDeflate = encoding.trim().toLowerCase() === 'deflate';
  if (!isGzip(body) && !isDeflate) return body.length;
  const unpacking = isGzip(body) ? createGunzip() : createInflate();
  Readable.from([body]).pipe(unpacking);
  let length = 0;
  try {
    for await (const chunk of unpacking) {
      length += chunk.length;
      if (length > enough) return UNPACKED_LIMIT_BYTES;
    }
  } catch {
    return UNPACKED_LIMIT_BYTES;
  }
  return length;
}
