import * as z from 'zod';
import { SEVERITIES } from '../entities/entry.ts';
import { entrySchema } from '../handlers/ingest/entry-schema.ts';
import { LISTED_REFUSALS_LIMIT } from '../handlers/limits.ts';

/** The bodies of the API's requests and responses. The functions check entries by entrySchema, and use no other of these. */

const fault = z
  .object({
    path: z.string().describe('The field or parameter; empty for the whole entry'),
    message: z.string().describe('What is wrong with it and how to fix it'),
  })
  .meta({ id: 'Fault' });

const sender = z.string().optional().describe('The id of the API key that sent it last, if there was one');

const verdictFields = {
  accepted: z.int().min(0).describe('Entries that are stored'),
  rejected: z
    .array(
      z.object({
        index: z.int().min(0).describe('The position of the entry in the request, from 0'),
        id: z.string().optional(),
        errors: z.array(fault).min(1),
      }),
    )
    .max(LISTED_REFUSALS_LIMIT),
  rejectedOmitted: z
    .int()
    .min(1)
    .optional()
    .describe('How many more were refused, if there are too many to list'),
};

const problemFields = {
  type: z.string(),
  title: z.string(),
  status: z.int().optional(),
  detail: z.string().describe('What is wrong and how to fix it'),
};

const severityCounts = Object.fromEntries(SEVERITIES.map((severity) => [severity, z.int().min(0)]));

export const API_SCHEMAS = {
  ingestBody: z
    .union([entrySchema, z.array(entrySchema), z.looseObject({ logs: z.array(entrySchema) })])
    .meta({ id: 'IngestBody', description: 'One entry, an array of entries, or an array in an envelope' }),
  loggerBody: z
    .union([z.looseObject({}), z.array(z.looseObject({}))])
    .meta({ id: 'LoggerBody', description: 'One record of a logger, or an array of records' }),
  entries: z
    .array(z.intersection(entrySchema, z.object({ sender })))
    .meta({ id: 'LogEntries', description: 'Newest first' }),
  verdicts: z.object(verdictFields).meta({ id: 'Verdicts' }),
  problem: z
    .looseObject({ ...problemFields, errors: z.array(fault).optional() })
    .meta({ id: 'Problem', description: 'RFC 9457 problem details' }),
  ingestProblem: z
    .looseObject({
      ...problemFields,
      accepted: verdictFields.accepted.optional(),
      rejected: verdictFields.rejected.optional(),
    })
    .meta({ id: 'IngestProblem', description: 'A problem, with the verdicts if the body could be read' }),
  counts: z
    .object({
      buckets: z
        .array(
          z.object({
            start: z.string().meta({ format: 'date-time' }),
            ...severityCounts,
          }),
        )
        .describe('Newest first, without empty ones. The same bucket may be on several pages.'),
      countedBackTo: z
        .partialRecord(z.enum(SEVERITIES), z.string().meta({ format: 'date-time' }))
        .describe('The instant down to which this page counted each severity'),
    })
    .meta({ id: 'Counts', description: 'Add up the counts of all pages' }),
  deadLetters: z
    .array(
      z
        .object({
          refusedAt: z.string().meta({ format: 'date-time' }),
          errors: z.array(fault),
          raw: z.string().describe('The record as it was sent; only its beginning if it is long'),
          sender,
        })
        .meta({ id: 'DeadLetter' }),
    )
    .meta({ id: 'DeadLetters', description: 'Last refused first' }),
  otlpRequest: z
    .looseObject({ resourceLogs: z.array(z.looseObject({})).optional() })
    .meta({ id: 'ExportLogsServiceRequest', description: 'opentelemetry.proto.collector.logs.v1' }),
  otlpResponse: z
    .object({
      partialSuccess: z
        .object({
          rejectedLogRecords: z.string().regex(/^\d+$/).describe('int64'),
          errorMessage: z.string(),
        })
        .optional(),
    })
    .meta({ id: 'ExportLogsServiceResponse' }),
  otlpStatus: z
    .object({ code: z.int(), message: z.string() })
    .meta({ id: 'Status', description: 'google.rpc.Status' }),
} as const;
