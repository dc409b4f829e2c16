import { isUtf8 } from 'node:buffer';

/**
 * Says what a body is that is neither JSON nor lines of text, and what to send instead; undefined if it is lines. Its
 * bytes decide, because curl and others send the Content-Type of a form with any body.
 */
export function foreignFormat(body: Buffer, contentType: string): string | undefined {
  const type = contentType.toLowerCase();
  if (type.includes('multipart/') && body.subarray(0, 2).equals(Buffer.from('--')))
    return 'A form is not supported: send JSON';
  if (body[0] === 0x1f && body[1] === 0x8b) return 'The body is gzip within gzip: compress it once';

  const isText = isUtf8(body) && !BINARY.test(body.toString('latin1', 0, SEARCHED_BYTES));
  if (!isText) {
    if (type.includes('msgpack') || (!isUtf8(body) && isMessagePackStart(body[0])))
      return 'MessagePack is not supported: set the output format to JSON';
    if (type.includes('protobuf'))
      return 'Protobuf is not supported here: send OTLP to /v1/logs, anything else as JSON';
    return undefined;
  }
  const isForm = type.includes('form-urlencoded') && FORM.test(body.toString('latin1').trim());
  return isForm ? 'A form is not supported: send JSON' : undefined;
}

/** Bytes at the start of a body that are searched for control characters. */
const SEARCHED_BYTES = 4_096;

/** Control characters that no log line has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BINARY = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/;

/** `name=value&name=value`, without white space. */
const FORM = /^[^\s=&]+=\S*$/;

/** The first byte of a map or an array in MessagePack. No character begins with such a byte in UTF-8. */
const isMessagePackStart = (byte = 0) => (byte >= 0x80 && byte <= 0x9f) || (byte >= 0xdc && byte <= 0xdf);
