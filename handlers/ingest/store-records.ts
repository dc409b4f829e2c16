import { setMaxListeners } from 'node:events';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { LogWriter } from '../../entities/log-writer.ts';
import type { AppendOutcome } from '../../entities/write-in-batches.ts';
import { unavailable } from '../http/http-problem.ts';
import { WRITE_BUDGET_MS } from '../limits.ts';
import { INGEST_METRICS } from '../metric-names.ts';
import type { Tools } from '../powertools.ts';
import { Intake } from './intake.ts';
import type { RawRecord } from './split-records.ts';

interface StoreOptions {
  /** Bytes of the body, unpacked. */
  bytes: number;
  /** Refused records are kept as dead letters; where all are refused, the sender may be told so instead. */
  whenNoneIsAccepted: 'keep' | 'tell';
}

/**
 * Stores the records of a request: entries, and beside them what was refused as dead letters.
 * @throws HttpProblem 503 when anything could not be stored. All of it may be sent again.
 */
export async function storeRecords(
  { logger, metrics, tracer }: Tools,
  writer: LogWriter,
  records: Iterable<RawRecord>,
  { bytes, whenNoneIsAccepted }: StoreOptions,
): Promise<Intake> {
  const signal = AbortSignal.timeout(WRITE_BUDGET_MS);
  // Every batch under way listens to it, which Node would report as a leak.
  setMaxListeners(0, signal);
  const intake = new Intake();
  const entries = await writer.appendEntries(intake.entriesOf(records), signal);
  const refused = intake.refusals.length;
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);

  count(INGEST_METRICS.stored, entries.stored);
  count(INGEST_METRICS.refused, refused);
  count(INGEST_METRICS.retries, entries.retries);
  metrics.addMetric(INGEST_METRICS.bytes, MetricUnit.Bytes, bytes);
  tracer.putAnnotation('accepted', intake.accepted);
  tracer.putAnnotation('refused', refused);
  requireStored(entries, 'entries');

  if (intake.accepted > 0) metrics.addMetric(INGEST_METRICS.lag, MetricUnit.Milliseconds, intake.lag);
  if (refused > 0 && (intake.accepted > 0 || whenNoneIsAccepted === 'keep')) {
    const deadLetters = await writer.appendDeadLetters(intake.refusals, signal);
    count(INGEST_METRICS.deadLetters, deadLetters.stored);
    requireStored(deadLetters, 'refused entries');
  }
  logger.info('Request stored', { accepted: intake.accepted, refused, bytes, retries: entries.retries });
  return intake;
}

function requireStored({ unstored, cause }: AppendOutcome<unknown>, what: string): void {
  if (unstored.length > 0)
    throw unavailable(`${unstored.length} ${what} could not be stored: send the whole request again`, cause);
}
