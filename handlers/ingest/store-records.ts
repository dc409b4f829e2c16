import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { epochMillisecondsOf } from '../../entities/instant.ts';
import type { LogWriter } from '../../entities/write/log-writer.ts';
import type { AppendOutcome } from '../../entities/write/write-in-batches.ts';
import { unavailable } from '../http/http-problem.ts';
import type { Powertools } from '../http/lambda-handler.ts';
import { WRITE_BUDGET_MS } from '../limits.ts';
import { INGEST_METRICS } from '../metric-names.ts';
import { checkRecords, type RawRecord, type Verdicts } from './check-records.ts';

interface StoreOptions {
  /** Size of the body after unpacking. */
  bytes: number;
  /** The API key of the sender, which stands in the dead letters. */
  apiKeyId?: string;
}

/**
 * Checks the records of a request, stores the accepted ones as entries and the refused ones as dead letters.
 * @throws HttpProblem 503 if anything could not be stored. The whole request may be sent again.
 */
export type StoreRecords = (records: Iterable<RawRecord>, options: StoreOptions) => Promise<Verdicts>;

export function createStoreRecords({ logger, metrics, tracer }: Powertools, writer: LogWriter): StoreRecords {
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);

  return async (records, { bytes, apiKeyId }) => {
    const signal = AbortSignal.timeout(WRITE_BUDGET_MS);
    const verdicts: Verdicts = { accepted: 0, refusals: [], newestInstant: '' };
    const entries = await writer.appendEntries(checkRecords(records, verdicts), signal);
    const { accepted, refusals, newestInstant } = verdicts;
    const refused = refusals.length;

    count(INGEST_METRICS.stored, entries.stored);
    count(INGEST_METRICS.refused, refused);
    count(INGEST_METRICS.retries, entries.retries);
    count(INGEST_METRICS.shards, writer.shardsInUse);
    metrics.addMetric(INGEST_METRICS.bytes, MetricUnit.Bytes, bytes);
    tracer.putAnnotation('accepted', accepted);
    tracer.putAnnotation('refused', refused);
    requireStored(entries, 'entries');

    if (accepted > 0) metrics.addMetric(INGEST_METRICS.lag, MetricUnit.Milliseconds, lagOf(newestInstant));
    if (refused > 0) {
      const deadLetters = await writer.appendDeadLetters(refusals, signal, apiKeyId);
      count(INGEST_METRICS.deadLetters, deadLetters.stored);
      requireStored(deadLetters, 'refused entries');
    }
    logger.info('Request stored', { accepted, refused, bytes, retries: entries.retries });
    return verdicts;
  };
}

function requireStored({ unstored, cause }: AppendOutcome<unknown>, what: string): void {
  if (unstored.length > 0)
    throw unavailable(`${unstored.length} ${what} could not be stored: send the whole request again`, cause);
}

/** Milliseconds by which an instant lies behind the clock. An instant ahead of the clock counts as 0. */
function lagOf(instant: string): number {
  return Math.max(0, Date.now() - epochMillisecondsOf(instant));
}
