import type { GatewayRequest } from '../../http/gateway.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import type { Endpoint } from '../../http/lambda-handler.ts';
import { ENTRIES_LIMIT, EXPANDED_LIMIT_BYTES } from '../../limits.ts';
import {
  type CheckAndStore,
  collectWithinLimit,
  type RawRecord,
  tooManyEntries,
} from '../check-and-store.ts';
import { readBody, toUtf8 } from '../read-body.ts';
import type { MessageKind, OtlpEncoding, OtlpField } from './otlp-encoding.ts';
import { OTLP_JSON } from './otlp-json.ts';
import { OTLP_PROTOBUF } from './otlp-protobuf.ts';
import { toExportResponse, toStatusResponse } from './otlp-response.ts';
import { type EncodedSources, readRecord } from './read-record.ts';

/**
 * POST /v1/logs: OpenTelemetry's OTLP over HTTP (opentelemetry.io/docs/specs/otlp).
 *
 *     body      plain, gzip, zstd or deflate; an ExportLogsServiceRequest in JSON or protobuf
 *       |         partsOf: resourceLogs > scopeLogs > logRecords, each part found but not decoded
 *     records   each with the resource and the scope around it
 *       |         readRecord: decoded, and its fields are those of an entry
 *       |         store: each checked against entry-schema.ts
 *     entries   stored. Refused records become dead letters, because no exporter would send them again
 *       |
 *     response  ExportLogsServiceResponse, whose partialSuccess counts what was refused
 */
export function otlpInlet(store: CheckAndStore): Endpoint {
  return {
    async respond(request) {
      const bytes = readBody(request);
      const encoding = encodingOf(request, bytes);
      const body = encoding === OTLP_JSON ? toUtf8(bytes, request.headers['content-type'] ?? '') : bytes;
      const verdicts = await store(readRecords(encoding, body), {
        bytes: body.length,
        sender: request.sender,
        shipper: request.shipper,
      });
      return toExportResponse(encoding.contentType, verdicts);
    },

    toProblemResponse: (problem, request) => toStatusResponse(encodingOf(request).contentType, problem),
  };
}

/** By the Content-Type, which OTLP requires. If it names neither encoding, by looking at the body. */
function encodingOf({ headers }: GatewayRequest, body?: Buffer): OtlpEncoding {
  const contentType = (headers['content-type'] ?? '').toLowerCase();
  if (contentType.includes('json')) return OTLP_JSON;
  if (contentType.includes('protobuf')) return OTLP_PROTOBUF;
  return body && !/^\s*[{[]/.test(body.toString('latin1', 0, 16)) ? OTLP_PROTOBUF : OTLP_JSON;
}

/** An encoded log record; or a stray: a part of the request that is not a log record, and why. */
type Part = { record: Buffer; sources: EncodedSources } | { stray: OtlpField & { fault: string } };

/**
 * The log records of a request. Each is decoded as it is drawn.
 * @throws HttpProblem 400 if the body is not OTLP or only has strays, 413 over a limit
 */
function readRecords(encoding: OtlpEncoding, body: Buffer): Iterable<RawRecord> {
  try {
    const parts = collectWithinLimit(partsOf(encoding, encoding.openRequest(body)));
    const [stray] = parts.flatMap((part) => ('stray' in part ? [part.stray] : []));
    if (stray && !parts.some((part) => 'record' in part))
      throw new HttpProblem(
        400,
        `No log records were found: ${stray.name} ${stray.fault}. Send OTLP as resourceLogs, anything else to /logs`,
      );
    requireModestExpansion(parts);
    return readEach(encoding, parts);
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    const reason = (error as Error).message;
    throw new HttpProblem(400, `The body is not OTLP in ${encoding.contentType}: ${reason}`, {
      cause: error,
    });
  }
}

function* partsOf(encoding: OtlpEncoding, request: Buffer): Generator<Part> {
  const read = createFieldReader(encoding);
  const { fields: resourceLogs, strays } = read(request, 'ExportLogsServiceRequest', 'resourceLogs');
  yield* strays;
  for (const { value: ofResource } of resourceLogs) {
    const { fields: scopeLogs, strays, source: resource } = read(ofResource, 'ResourceLogs', 'scopeLogs');
    yield* strays;
    for (const { value: ofScope } of scopeLogs) {
      const { fields: logRecords, strays, source: scope } = read(ofScope, 'ScopeLogs', 'logRecords');
      yield* strays;
      const sources = { resource, scope };
      for (const { value: record } of logRecords) yield { record, sources };
    }
  }
}

/** Each record may have its own resource and scope, and each of these is in another message. */
const MESSAGES_LIMIT = 5 * ENTRIES_LIMIT;

/** Reads fields of messages: as many as a request of ENTRIES_LIMIT records may need, because a body has room for millions. */
function createFieldReader(encoding: OtlpEncoding) {
  let count = 0;
  return (message: Buffer, kind: MessageKind, wanted: string) => {
    const fields: OtlpField[] = [];
    const strays: Part[] = [];
    // If there are several, the last counts, as in protobuf.
    let source: Buffer = Buffer.alloc(0);
    for (const field of encoding.fieldsOf(message, kind)) {
      // No message needs more parts than there may be records.
      if (++count > MESSAGES_LIMIT || fields.length > ENTRIES_LIMIT) throw tooManyEntries();
      const { name, value, fault } = field;
      if (fault !== undefined) strays.push({ stray: { ...field, fault } });
      else if (name === wanted) fields.push(field);
      else if (name === 'resource' || name === 'scope') source = value;
    }
    return { fields, strays, source };
  };
}

/** @throws HttpProblem 413 if the records would be over EXPANDED_LIMIT_BYTES with their resources and scopes */
function requireModestExpansion(parts: Part[]): void {
  let bytes = 0;
  for (const part of parts)
    if ('record' in part)
      bytes += part.record.length + part.sources.resource.length + part.sources.scope.length;
  if (bytes > EXPANDED_LIMIT_BYTES)
    throw new HttpProblem(
      413,
      `The log records are over ${EXPANDED_LIMIT_BYTES / 1024 / 1024} MiB, each with its resource: make the batches smaller`,
    );
}

function* readEach(encoding: OtlpEncoding, parts: Part[]): Generator<RawRecord> {
  for (const part of parts) {
    if ('record' in part) yield readRecord(encoding, part.record, part.sources);
    else if (!part.stray.isIgnorable) {
      const { name, value, fault } = part.stray;
      yield { text: () => encoding.textOf(value), errors: [{ path: name, message: fault }] };
    }
  }
}
