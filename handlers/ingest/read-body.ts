import { TextDecoder } from 'node:util';
import * as zlib from 'node:zlib';
import { HttpProblem } from '../http/http-problem.ts';
import { UNPACKED_LIMIT_BYTES, WIRE_LIMIT_BYTES } from '../limits.ts';

/** The parts of a request that carry its body. */
interface Body {
  body: string;
  isBase64Encoded: boolean;
  headers: Record<string, string>;
}

/** The text of a body, decompressed and in UTF-8. @throws HttpProblem as readBody and toUtf8 do */
export function readText(request: Body): { body: Buffer; contentType: string } {
  const contentType = request.headers['content-type'] ?? '';
  return { body: toUtf8(readBody(request), contentType), contentType };
}

/**
 * The bytes of a body, decompressed. Gzip and zstd are recognised by their first bytes, because some shippers send no
 * Content-Encoding.
 * @throws HttpProblem 413 over a size limit, 415 for another encoding, 400 if it is damaged
 */
export function readBody({ body, isBase64Encoded, headers }: Body): Buffer {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > WIRE_LIMIT_BYTES) throw bodyTooLarge();
  const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase();
  const codec =
    CODECS.find((one) => hasMagic(bytes, one)) ??
    CODECS.find(({ name, magic }) => name === encoding && !magic);
  if (codec) return decompress(bytes, codec);
  if (isZstd(bytes)) throw unsupportedEncoding('zstd');
  // Some shippers say gzip although they send plain text.
  const isPlain = encoding === '' || encoding === 'identity' || CODECS.some(({ name }) => name === encoding);
  if (!isPlain) throw unsupportedEncoding(encoding);
  return bytes;
}

function hasMagic(bytes: Buffer, { magic }: Codec): boolean {
  return magic !== undefined && bytes.subarray(0, magic.length).equals(magic);
}

function decompress(bytes: Buffer, { name, decompress }: Codec): Buffer {
  try {
    return decompress(bytes);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw unpackedTooLarge(cause);
    throw new HttpProblem(400, `The body is ${name} but cannot be unpacked: it is cut off or damaged`, {
      cause,
    });
  }
}

/** RFC 9110 section 8.4.1.2: deflate is in the zlib format. Some programs send it without. */
function inflate(bytes: Buffer): Buffer {
  try {
    return zlib.inflateSync(bytes, OPTIONS);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'Z_DATA_ERROR') throw error;
    return zlib.inflateRawSync(bytes, OPTIONS);
  }
}

interface Codec {
  name: string;
  /** The first bytes of everything that it has compressed. */
  magic?: Buffer;
  decompress(bytes: Buffer): Buffer;
}

/** RFC 1952 section 2.3.1. */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** RFC 8878 section 3.1.1. */
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

const OPTIONS = { maxOutputLength: UNPACKED_LIMIT_BYTES };

/** Node has zstd since 22.15. The types used here are those of Node 20. */
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: typeof zlib.gunzipSync };

const CODECS: Codec[] = [
  { name: 'gzip', magic: GZIP_MAGIC, decompress: (bytes) => zlib.gunzipSync(bytes, OPTIONS) },
  ...(zstdDecompressSync
    ? [
        {
          name: 'zstd',
          magic: ZSTD_MAGIC,
          decompress: (bytes: Buffer) => zstdDecompressSync(bytes, OPTIONS),
        },
      ]
    : []),
  { name: 'deflate', decompress: inflate },
];

/** Whether bytes begin as zstd does. */
export function isZstd(bytes: Buffer): boolean {
  return bytes.subarray(0, ZSTD_MAGIC.length).equals(ZSTD_MAGIC);
}

/** Whether bytes begin as gzip does. */
export function isGzip(bytes: Buffer): boolean {
  return bytes.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC);
}

function unsupportedEncoding(encoding: string): HttpProblem {
  const supported = CODECS.map(({ name }) => name);
  return new HttpProblem(
    415,
    `Content-Encoding ${encoding} is not supported: send the body plain or as ${supported.join(', ')}`,
    { headers: { 'Accept-Encoding': 'gzip' } },
  );
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
function unpackedTooLarge(cause?: unknown): HttpProblem {
  return new HttpProblem(
    413,
    `The body is over ${UNPACKED_LIMIT_BYTES / 1024 / 1024} MiB once unpacked: make the shipper's batches smaller`,
    { cause },
  );
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

/** Charsets whose bytes are UTF-8 already. Records that are not UTF-8 are refused one by one. */
const UTF_8 = /^(utf-?8|us-ascii|ascii)$/i;

/** Bytes that are decoded at a time, so that only a small part is in memory twice. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * The text of a body in UTF-8, from the charset that its Content-Type names.
 * @throws HttpProblem 415 for a charset that Node does not know, and for UTF-16 that is not declared; 400 if the
 *   body is not in its charset; 413 over a size limit
 */
export function toUtf8(body: Buffer, contentType: string): Buffer {
  const charset = CHARSET.exec(contentType)?.[1];
  const utf16 = utf16Of(body);
  if (charset === undefined || UTF_8.test(charset)) {
    if (utf16 === undefined) return body;
    throw new HttpProblem(415, 'The body is UTF-16: send UTF-8, or write charset=utf-16 in the Content-Type');
  }
  const name = /^utf-?16$/i.test(charset) ? (utf16 ?? 'utf-16le') : charset;
  return transcode(body, decoderOf(name), charset);
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch (cause) {
    throw new HttpProblem(415, `The charset ${charset} is not known: send UTF-8`, { cause });
  }
}

function transcode(body: Buffer, decoder: TextDecoder, charset: string): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  for (let at = 0; at < body.length; at += CHUNK_BYTES) {
    const part = Buffer.from(decode(body.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES < body.length));
    length += part.length;
    if (length > UNPACKED_LIMIT_BYTES) throw unpackedTooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);

  function decode(bytes: Buffer, stream: boolean): string {
    try {
      return decoder.decode(bytes, { stream });
    } catch (cause) {
      throw new HttpProblem(400, `The body is not in the charset ${charset} that its Content-Type names`, {
        cause,
      });
    }
  }
}

/**
 * Found by the byte order mark, or because JSON begins with two ASCII characters: in UTF-16, every other byte of them
 * is 0.
 */
function utf16Of(body: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const [a, b, c, d] = body;
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0 && c !== 0 && d === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && c === 0 && d !== 0)) return 'utf-16be';
  return undefined;
}
