import * as z from 'zod';
import { digest } from '../../../entities/timeline.ts';
import { HttpProblem, toProblemResponse } from '../../http/http-problem.ts';
import type { Endpoint, EventSource } from '../../http/lambda-handler.ts';
import { type CheckAndStore, type RawRecord, refuse } from '../check-and-store.ts';
import { deriveId } from '../entry-schema.ts';
import { toEntryValue } from '../loggers/to-entry-value.ts';
import { readBody } from '../read-body.ts';

/** The name of the inlet among the routes. No request can have it, because it is not a path. */
const RESOURCE = 'CloudWatch Logs';
export const CLOUDWATCH_LOGS_ROUTE = `POST ${RESOURCE}` as const;

/** The event of a subscription filter, `{"awslogs": {"data": base64 of gzip}}`, as a request with the data as its body. */
export const SUBSCRIPTION_EVENTS: EventSource = {
  member: 'awslogs',
  toGatewayEvent: (event) => ({
    resource: RESOURCE,
    path: '/',
    httpMethod: 'POST',
    body: Object(Object(event).awslogs).data,
    isBase64Encoded: true,
  }),
};

/**
 * The lines of log groups of CloudWatch Logs, which a subscription filter sends to the function itself.
 *
 *     event     base64 of gzip of JSON: log group, log stream, log events
 *       |         readBody: decompressed
 *       |         toRecord: the rules of POST /v1/json for the message, with the id and the time of the log event
 *     records   each a value of an entry, or why there is none
 *       |         store: each checked against entry-schema.ts
 *     entries   stored. Refused log events become dead letters
 *
 * @param ownLogGroups those of this service. Their lines are refused: storing one would write another.
 */
export function cloudWatchLogsInlet(store: CheckAndStore, ownLogGroups: string[]): Endpoint {
  return {
    async respond(request) {
      const body = readBody(request);
      const batch = readBatch(body);
      if (batch.messageType === 'DATA_MESSAGE') {
        const records = ownLogGroups.includes(batch.logGroup) ? [refuseBatch(batch)] : toRecords(batch);
        await store(records, { bytes: body.length });
      }
      return { status: 200, headers: {}, body: '' };
    },
    // Lambda counts a failure among the errors of the function, so it is not one of the answers 503.
    toProblemResponse: (problem) => ({ ...toProblemResponse(problem), status: 500 }),
  };
}

/** "Subscriptions" in the user guide of CloudWatch Logs. Only log events of DATA_MESSAGE are somebody's. */
const batchSchema = z.object({
  messageType: z.enum(['DATA_MESSAGE', 'CONTROL_MESSAGE']),
  owner: z.string().optional(),
  logGroup: z.string(),
  logStream: z.string(),
  subscriptionFilters: z.array(z.string()).optional(),
  logEvents: z.array(z.unknown()),
});

type Batch = z.infer<typeof batchSchema>;

function readBatch(body: Buffer): Batch {
  try {
    return batchSchema.parse(JSON.parse(body.toString()), { jitless: true });
  } catch (cause) {
    throw new HttpProblem(400, 'Not the log events of a subscription filter', { cause });
  }
}

/** One dead letter however many batches come, because its text is always the same. The lines are in the log group. */
function refuseBatch({ logGroup, subscriptionFilters }: Batch): RawRecord {
  const fault = `comes from ${logGroup}, a log group of this service, which would send its own lines for ever: delete the subscription filter`;
  return { text: () => JSON.stringify({ logGroup, subscriptionFilters }), ...refuse('', fault) };
}

function toRecords({ owner, logGroup, logStream, logEvents }: Batch): RawRecord[] {
  const ofGroup = digest(`${owner ?? ''} ${logGroup}`, GROUP_CHARACTERS);
  const source = { log_group: logGroup, log_stream: logStream };
  return logEvents.map((event) => toRecord(event, source, ofGroup));
}

/** 66 bits of SHA-256: enough to tell the log groups of an account apart, whose names may have 512 characters. */
const GROUP_CHARACTERS = 11;

const logEventSchema = z.looseObject({
  id: z.string(),
  timestamp: z.int().min(-8.64e15).max(8.64e15),
  message: z.string(),
});

/** The id of a log event is unique within its group, and sorts the lines of one instant. */
function toRecord(event: unknown, source: object, ofGroup: string): RawRecord {
  const parsed = logEventSchema.safeParse(event, { jitless: true });
  if (!parsed.success) {
    const fault = 'is not a log event: it needs an id, a timestamp in milliseconds and a message';
    return { text: () => JSON.stringify({ ...source, event }), ...refuse('', fault) };
  }
  const { id, timestamp, ...others } = parsed.data;
  const value = {
    ...source,
    ...others,
    id: `${id}-${ofGroup}`,
    timestamp: new Date(timestamp).toISOString(),
  };
  const json = JSON.stringify(value);
  return {
    text: () => json,
    ...toEntryValue({ value, json }, () => deriveId(json), { ownTime: true }),
  };
}
