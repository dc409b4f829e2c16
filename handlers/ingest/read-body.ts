import * as zlib from 'node:zlib';
import { HttpProblem } from '../http/http-problem.ts';
import { UNPACKED_LIMIT_BYTES, WIRE_LIMIT_BYTES } from '../limits.ts';

interface Body {
  body: string;
  isBase64Encoded: boolean;
  headers: Record<string, string>;
}

interface Packing {
  name: string;
  /** The first bytes of everything that is packed so. */
  magic?: Buffer;
  unpack(bytes: Buffer): Buffer;
}

/** RFC 1952 section 2.3.1. */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** RFC 8878 section 3.1.1. */
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

const OPTIONS = { maxOutputLength: UNPACKED_LIMIT_BYTES };

/** Node has zstd from 22.15 on, and its types here are those of Node 20. */
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: typeof zlib.gunzipSync };

const PACKINGS: Packing[] = [
  { name: 'gzip', magic: GZIP_MAGIC, unpack: (bytes) => zlib.gunzipSync(bytes, OPTIONS) },
  ...(zstdDecompressSync
    ? [
        {
          name: 'zstd',
          magic: ZSTD_MAGIC,
          unpack: (bytes: Buffer) => zstdDecompressSync(bytes, OPTIONS),
        },
      ]
    : []),
  { name: 'deflate', unpack: inflate },
];

/**
 * The bytes of a body, unpacked. Gzip and zstd are recognised by their first bytes, because some shippers send no
 * Content-Encoding.
 * @throws HttpProblem 413 over a size limit, 415 for another encoding, 400 for what is damaged
 */
export function readBody({ body, isBase64Encoded, headers }: Body): Buffer {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > WIRE_LIMIT_BYTES) throw bodyTooLarge();
  const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase();
  const packing =
    PACKINGS.find((packing) => hasMagic(bytes, packing)) ??
    PACKINGS.find(({ name, magic }) => name === encoding && !magic);
  if (packing) return unpack(bytes, packing);
  if (bytes.subarray(0, ZSTD_MAGIC.length).equals(ZSTD_MAGIC)) throw unsupportedEncoding('zstd');
  // Some shippers say gzip although they send plain text.
  const isPlain =
    encoding === '' || encoding === 'identity' || PACKINGS.some(({ name }) => name === encoding);
  if (!isPlain) throw unsupportedEncoding(encoding);
  return bytes;
}

export function isGzip(bytes: Buffer): boolean {
  return bytes.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC);
}

function hasMagic(bytes: Buffer, { magic }: Packing): boolean {
  return magic !== undefined && bytes.subarray(0, magic.length).equals(magic);
}

/** 413: the body is over WIRE_LIMIT_BYTES. */
export function bodyTooLarge(): HttpProblem {
  const limit = WIRE_LIMIT_BYTES.toLocaleString('en');
  return new HttpProblem(
    413,
    `The body is over ${limit} bytes: switch on gzip in the shipper, or make its batches smaller`,
  );
}

/** 413: the body is over UNPACKED_LIMIT_BYTES. */
export function unpackedTooLarge(cause?: unknown): HttpProblem {
  return new HttpProblem(
    413,
    `The body is over ${UNPACKED_LIMIT_BYTES / 1024 / 1024} MiB once unpacked: make the shipper's batches smaller`,
    { cause },
  );
}

function unsupportedEncoding(encoding: string): HttpProblem {
  const supported = PACKINGS.map(({ name }) => name);
  return new HttpProblem(
    415,
    `Content-Encoding ${encoding} is not supported: send the body plain or as ${supported.join(', ')}`,
    { headers: { 'Accept-Encoding': 'gzip' } },
  );
}

function unpack(bytes: Buffer, { name, unpack }: Packing): Buffer {
  try {
    return unpack(bytes);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw unpackedTooLarge(cause);
    throw new HttpProblem(400, `The body is ${name} but cannot be unpacked: it is cut off or damaged`, {
      cause,
    });
  }
}

/** RFC 9110 section 8.4.1.2: deflate is in the zlib format, and some programs leave that out. */
function inflate(bytes: Buffer): Buffer {
  try {
    return zlib.inflateSync(bytes, OPTIONS);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'Z_DATA_ERROR') throw error;
    return zlib.inflateRawSync(bytes, OPTIONS);
  }
}
