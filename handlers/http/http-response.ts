import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyResult } from 'aws-lambda';

/** A response before it is converted to API Gateway's format. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** A shorter body hardly gets shorter with gzip. */
const GZIP_FROM_BYTES = 1_024;

const SECURITY_HEADERS = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' };

/** Converts a response to API Gateway's format, with gzip if the client accepts it and it makes the body shorter. */
export function toGatewayResult(
  { status, headers, body }: HttpResponse,
  acceptEncoding = '',
): APIGatewayProxyResult {
  const common = { ...SECURITY_HEADERS, ...headers };
  if (typeof body !== 'string')
    return { statusCode: status, headers: common, body: body.toString('base64'), isBase64Encoded: true };
  if (body.length >= GZIP_FROM_BYTES && acceptsGzip(acceptEncoding)) {
    const zipped = gzipSync(body).toString('base64');
    // Text that does not compress would grow by a third in base64, and Lambda limits the size of a response.
    if (zipped.length < body.length)
      return {
        statusCode: status,
        headers: { ...common, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' },
        body: zipped,
        isBase64Encoded: true,
      };
  }
  return { statusCode: status, headers: common, body, isBase64Encoded: false };
}

/** RFC 9110 section 12.5.3: a coding with `q=0` is not acceptable, and `*` stands for all codings not named. */
function acceptsGzip(acceptEncoding: string): boolean {
  const weights = new Map(
    acceptEncoding
      .toLowerCase()
      .split(',')
      .map((coding) => {
        const [name, weight = 'q=1'] = coding.split(';').map((part) => part.trim());
        return [name, Number(weight.replace('q=', ''))];
      }),
  );
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
