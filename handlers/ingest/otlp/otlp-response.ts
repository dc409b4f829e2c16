import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Refusal } from '../../../entities/dead-letter.ts';
import type { HttpResponse } from '../../http/gateway.ts';
import type { HttpProblem } from '../../http/http-problem.ts';
import type { Verdicts } from '../check-and-store.ts';
import type { OtlpEncoding } from './otlp-encoding.ts';

type ContentType = OtlpEncoding['contentType'];

interface PartialSuccess {
  rejectedLogRecords: number;
  errorMessage: string;
}

/** The messages of a response. Field numbers are from collector/logs/v1/logs_service.proto and google/rpc/status.proto. */
const ENCODERS = {
  'application/json': {
    encodeResponse: (partialSuccess: PartialSuccess | undefined) =>
      JSON.stringify({
        // int64 is a string in the JSON of protobuf.
        partialSuccess: partialSuccess && {
          rejectedLogRecords: String(partialSuccess.rejectedLogRecords),
          errorMessage: partialSuccess.errorMessage,
        },
      }),
    encodeStatus: (code: number, message: string) => JSON.stringify({ code, message }),
  },
  'application/x-protobuf': {
    encodeResponse(partialSuccess: PartialSuccess | undefined) {
      const writer = new BinaryWriter();
      if (partialSuccess) {
        writer.tag(1, WireType.LengthDelimited).fork();
        writer.tag(1, WireType.Varint).int64(partialSuccess.rejectedLogRecords);
        writer.tag(2, WireType.LengthDelimited).string(partialSuccess.errorMessage);
        writer.join();
      }
      return Buffer.from(writer.finish());
    },
    encodeStatus(code: number, message: string) {
      const writer = new BinaryWriter();
      writer.tag(1, WireType.Varint).int32(code);
      writer.tag(2, WireType.LengthDelimited).string(message);
      return Buffer.from(writer.finish());
    },
  },
} as const;

/** An ExportLogsServiceResponse. Its status is 200 even if all records were refused, as OTLP's partial success says. */
export function toExportResponse(contentType: ContentType, { accepted, refusals }: Verdicts): HttpResponse {
  const body = ENCODERS[contentType].encodeResponse(partialSuccess(accepted, refusals));
  return { status: 200, headers: { 'Content-Type': contentType }, body };
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

/** Codes of gRPC: the request is wrong, or the service cannot serve it now. */
const INVALID_ARGUMENT = 3;
const UNAVAILABLE = 14;

/** A google.rpc.Status. */
export function toStatusResponse(
  contentType: ContentType,
  { status, message, headers }: HttpProblem,
): HttpResponse {
  const body = ENCODERS[contentType].encodeStatus(status < 500 ? INVALID_ARGUMENT : UNAVAILABLE, message);
  return { status, headers: { ...headers, 'Content-Type': contentType }, body };
}
