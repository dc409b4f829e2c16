import type { Context } from 'aws-lambda';
import { handler } from '../../handlers/ingest-logs.ts';
import { postEvent } from '../support/typical-entry.ts';
import { serveSamples } from './serve-samples.ts';

const context = { functionName: 'log-ingest', functionVersion: '1', memoryLimitInMB: '1769' } as Context;

/** Ours, whole: from API Gateway's event to the response, with logs, metrics and traces. */
serveSamples({
  prepare: (entries) => postEvent(JSON.stringify(entries)),
  run: async (event) => {
    const { statusCode, body } = await handler(event, context);
    if (statusCode !== 200) throw new Error(body);
  },
});
