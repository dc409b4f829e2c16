import type { Refusal } from '../../../entities/dead-letter.ts';
import type { GatewayRequest, HttpResponse } from '../../http/gateway.ts';
import type { Endpoint } from '../../http/lambda-handler.ts';
import { readBody } from '../read-body.ts';
import type { StoreRecords } from '../store-records.ts';
import { toUtf8 } from '../to-utf8.ts';
import type { OtlpEncoding, PartialSuccess } from './otlp-encoding.ts';
import { OTLP_JSON } from './otlp-json.ts';
import { OTLP_PROTOBUF } from './otlp-protobuf.ts';
import { splitOtlpRecords } from './split-otlp-records.ts';

/** Codes of gRPC: the request is wrong, or the service cannot serve it now. */
const INVALID_ARGUMENT = 3;
const UNAVAILABLE = 14;

/**
 * POST /v1/logs: stores the log records of an OTLP/HTTP request. As OTLP's partial success demands, the status is 200
 * even if all records were refused. They are kept as dead letters, because no exporter would send them again.
 */
export function otlpInlet(store: StoreRecords): Endpoint {
  return {
    async respond(request) {
      const bytes = readBody(request);
      const encoding = encodingOf(request, bytes);
      const body = encoding === OTLP_JSON ? toUtf8(bytes, request.headers['content-type'] ?? '') : bytes;
      const { accepted, refusals } = await store(splitOtlpRecords(encoding, body), {
        bytes: body.length,
        apiKeyId: request.apiKeyId,
      });
      return toResponse(encoding, 200, encoding.encodeResponse(partialSuccess(accepted, refusals)));
    },

    /** A google.rpc.Status in the encoding of the request. */
    toProblemResponse({ status, message, headers }, request) {
      const encoding = encodingOf(request);
      const code = status < 500 ? INVALID_ARGUMENT : UNAVAILABLE;
      const response = toResponse(encoding, status, encoding.encodeStatus(code, message));
      return { ...response, headers: { ...headers, ...response.headers } };
    },
  };
}

/** By the Content-Type, which OTLP requires. If it names neither encoding, by looking at the body. */
function encodingOf({ headers }: GatewayRequest, body?: Buffer): OtlpEncoding {
  const contentType = (headers['content-type'] ?? '').toLowerCase();
  if (contentType.includes('json')) return OTLP_JSON;
  if (contentType.includes('protobuf')) return OTLP_PROTOBUF;
  return body && !/^\s*[{[]/.test(body.toString('latin1', 0, 16)) ? OTLP_PROTOBUF : OTLP_JSON;
}

function toResponse(encoding: OtlpEncoding, status: number, body: string | Buffer): HttpResponse {
  return { status, headers: { 'Content-Type': encoding.contentType }, body };
}

function partialSuccess(accepted: number, refusals: Refusal[]): PartialSuccess | undefined {
  const [first] = refusals;
  if (!first) return undefined;
  const [fault] = first.errors;
  const rejected = `${refusals.length} of ${accepted + refusals.length} log records were refused`;
  const reason = [fault?.path, fault?.message].filter(Boolean).join(' ');
  return {
    rejectedLogRecords: refusals.length,
    errorMessage: `${rejected}, the first because ${reason}. GET /dead-letters has them`,
  };
}
