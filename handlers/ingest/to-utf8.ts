import { TextDecoder } from 'node:util';
import { HttpProblem } from '../http/http-problem.ts';
import { UNPACKED_LIMIT_BYTES } from '../limits.ts';
import { unpackedTooLarge } from './read-body.ts';

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

/** The charsets whose bytes are UTF-8 already. What is not is refused record by record. */
const UTF_8 = /^(utf-?8|us-ascii|ascii)$/i;

/** Bytes that are decoded at once, so that little is in memory twice. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * A body of text in UTF-8, read in the charset that its Content-Type names.
 * @throws HttpProblem 415 for a charset that Node does not know, and for UTF-16 that is not declared; 400 if the
 *   body is not in its charset; 413 over a size limit
 */
export function toUtf8(body: Buffer, contentType: string): Buffer {
  const charset = CHARSET.exec(contentType)?.[1];
  const utf16 = utf16Of(body);
  if (charset === undefined || UTF_8.test(charset)) {
    if (utf16 === undefined) return body;
    throw new HttpProblem(415, 'The body is UTF-16: send UTF-8, or say charset=utf-16 in the Content-Type');
  }
  const name = /^utf-?16$/i.test(charset) ? (utf16 ?? 'utf-16le') : charset;
  return transcode(body, decoderOf(name), charset);
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch (cause) {
    throw new HttpProblem(415, `The charset ${charset} is not known here: send UTF-8`, { cause });
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

/** By the byte order mark, or because JSON begins with two ASCII characters, of which UTF-16 makes every other byte 0. */
function utf16Of(body: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const [a, b, c, d] = body;
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0 && c !== 0 && d === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && c === 0 && d !== 0)) return 'utf-16be';
  return undefined;
}
