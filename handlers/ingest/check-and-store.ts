import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Fault, Refusal } from '../../entities/dead-letter.ts';
import { SEVERITIES, type Severity } from '../../entities/entry.ts';
import { epochMillisecondsOf } from '../../entities/instant.ts';
import type { CheckedEntry } from '../../entities/log-entry.ts';
import { severityOf } from '../../entities/timeline.ts';
import type { LogWriter } from '../../entities/write/log-writer.ts';
import type { AppendOutcome } from '../../entities/write/write-in-batches.ts';
import type { HttpResponse } from '../http/gateway.ts';
import { HttpProblem, unavailable } from '../http/http-problem.ts';
import type { Powertools } from '../http/lambda-handler.ts';
import { ENTRIES_LIMIT, ID_LIMIT_BYTES, LISTED_REFUSALS_LIMIT, WRITE_BUDGET_MS } from '../limits.ts';
import { INGEST_METRICS, SHIPPER_METRICS, watchMetric } from '../metric-names.ts';
import type { MatchCounter } from './count-matches.ts';
import { toEntry } from './entry-schema.ts';

/** One record of a body: the value of an entry, or why there is none. `text` is the record as it was sent. */
export type RawRecord = { text: () => string } & (EntryValue | Refused);

/** A value to check as an entry. */
export interface EntryValue {
  value: unknown;
  /** The JSON of the value's attributes as it was sent. Default: made from the value. */
  attributes?: () => string | undefined;
}

export interface Refused {
  errors: Fault[];
}

/** @param path the field that is wrong; empty for the whole record */
export function refuse(path: string, message: string): Refused {
  return { errors: [{ path, message }] };
}

/**
 * Draws all items before the first is stored, so that a body over the limit is refused as a whole.
 * @throws HttpProblem 413 over ENTRIES_LIMIT items
 */
export function collectWithinLimit<Item>(items: Iterable<Item>): Item[] {
  const collected: Item[] = [];
  for (const item of items) {
    if (collected.length === ENTRIES_LIMIT) throw tooManyEntries();
    collected.push(item);
  }
  return collected;
}

/** 413: the body has more than ENTRIES_LIMIT records. */
export function tooManyEntries(): HttpProblem {
  const limit = ENTRIES_LIMIT.toLocaleString('en');
  return new HttpProblem(413, `The body has more than ${limit} entries: make the shipper's batches smaller`);
}

/** What became of the records of one request. */
export interface Verdicts {
  accepted: number;
  refusals: Refusal[];
  /** The latest instant among the accepted entries; empty if there are none. */
  newestInstant: string;
}

/**
 * Checks the records of a request, stores the accepted ones as entries and the refused ones as dead letters. The
 * writer draws entries as it needs them. Each time, the next record is read and checked, so few are in memory.
 * @throws HttpProblem 503 if anything could not be stored. The whole request may be sent again.
 */
export type CheckAndStore = (
  records: Iterable<RawRecord>,
  body: {
    /** The size after decompression. */
    bytes: number;
    /** The id of the API key, which entries and dead letters name. */
    sender?: string;
    /** The name under which metrics count what this sender sends. */
    shipper?: string;
  },
) => Promise<Verdicts>;

export function createCheckAndStore(
  { logger, metrics, tracer }: Powertools,
  writer: LogWriter,
  countMatches?: () => MatchCounter,
): CheckAndStore {
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  const countWrites = ({ items, retries }: AppendOutcome<unknown>) => {
    count(INGEST_METRICS.items, items);
    count(INGEST_METRICS.retries, retries);
  };

  const countByShipper = (shipper: string, counts: Record<keyof typeof SHIPPER_METRICS, number>) => {
    metrics.addDimension('shipper', shipper);
    for (const [key, name] of Object.entries(SHIPPER_METRICS)) {
      const unit = name === SHIPPER_METRICS.bytes ? MetricUnit.Bytes : MetricUnit.Count;
      metrics.addMetric(name, unit, counts[key as keyof typeof SHIPPER_METRICS]);
    }
    // Here, because the dimension is of all that is published at once.
    metrics.publishStoredMetrics();
  };

  return async (records, { bytes, sender, shipper }) => {
    const signal = AbortSignal.timeout(WRITE_BUDGET_MS);
    const verdicts: Verdicts = { accepted: 0, refusals: [], newestInstant: '' };
    const matches = countMatches?.();
    const entries = await writer.appendEntries(checkEach(records, verdicts), signal, sender, matches?.add);
    const { accepted, refusals, newestInstant } = verdicts;
    const refused = refusals.length;

    const { stored } = entries;
    const bySeverity = countBySeverity(entries);

    if (shipper !== undefined) countByShipper(shipper, { stored, error: bySeverity.error, refused, bytes });
    count(INGEST_METRICS.stored, stored);
    for (const severity of SEVERITIES) count(INGEST_METRICS[severity], bySeverity[severity]);
    count(INGEST_METRICS.refused, refused);
    countWrites(entries);
    count(INGEST_METRICS.shards, writer.shardsInUse);
    metrics.addMetric(INGEST_METRICS.bytes, MetricUnit.Bytes, bytes);
    tracer.putAnnotation('accepted', accepted);
    tracer.putAnnotation('refused', refused);
    for (const [watch, number] of matches?.without(entries.unstored) ?? []) count(watchMetric(watch), number);
    requireStored(entries, 'entries');

    if (accepted > 0) metrics.addMetric(INGEST_METRICS.lag, MetricUnit.Milliseconds, lagOf(newestInstant));
    if (refused > 0) {
      const deadLetters = await writer.appendDeadLetters(refusals, signal, sender);
      count(INGEST_METRICS.deadLetters, deadLetters.stored);
      countWrites(deadLetters);
      requireStored(deadLetters, 'refused entries');
    }
    logger.info('Request stored', { accepted, refused, bytes, retries: entries.retries });
    return verdicts;
  };
}

/** How many entries of each severity are stored. */
function countBySeverity({ drawn, unstored }: AppendOutcome<CheckedEntry>): Record<Severity, number> {
  const counts = { info: 0, warning: 0, error: 0 };
  for (const [timeline, count] of drawn) counts[severityOf(timeline)] += count;
  for (const { severity } of unstored) counts[severity]--;
  return counts;
}

/** The entries among the records. They are checked as they are drawn, and `verdicts` counts both outcomes. */
function* checkEach(records: Iterable<RawRecord>, verdicts: Verdicts): Generator<CheckedEntry> {
  let index = -1;
  for (const record of records) {
    index++;
    const result = 'errors' in record ? record : toEntry(record.value, record.attributes);
    if ('errors' in result) {
      verdicts.refusals.push({ index, id: idOf(record), errors: result.errors, raw: record.text() });
      continue;
    }
    verdicts.accepted++;
    const { instant } = result.entry;
    if (instant > verdicts.newestInstant) verdicts.newestInstant = instant;
    yield result.entry;
  }
}

/** The id of a refused record, so that its sender can find it. */
function idOf(record: RawRecord): string | undefined {
  if (!('value' in record) || typeof record.value !== 'object' || record.value === null) return undefined;
  const { id } = record.value as { id?: unknown };
  return typeof id === 'string' ? id.slice(0, ID_LIMIT_BYTES) : undefined;
}

function requireStored({ unstored, cause }: AppendOutcome<unknown>, what: string): void {
  if (unstored.length > 0)
    throw unavailable(`${unstored.length} ${what} could not be stored: send the whole request again`, cause);
}

/** How old an instant is in milliseconds; 0 for one in the future. */
function lagOf(instant: string): number {
  return Math.max(0, Date.now() - epochMillisecondsOf(instant));
}

/** The response of POST /logs and POST /v1/json. @throws HttpProblem 400 if all records were refused */
export function respondWithVerdicts({ accepted, refusals }: Verdicts): HttpResponse {
  const verdicts = { accepted, ...listRefusals(refusals) };
  if (accepted === 0 && refusals.length > 0) {
    const which =
      refusals.length === 1 ? 'The entry is not valid' : `None of the ${refusals.length} entries is valid`;
    throw new HttpProblem(400, `${which}: see rejected. GET /dead-letters keeps what was sent`, {
      extension: verdicts,
    });
  }
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(verdicts) };
}

/** The refusals in the response: the first LISTED_REFUSALS_LIMIT of them, and how many more there are. */
function listRefusals(refusals: Refusal[]): { rejected: Omit<Refusal, 'raw'>[]; rejectedOmitted?: number } {
  const rejected = refusals
    .slice(0, LISTED_REFUSALS_LIMIT)
    .map(({ index, id, errors }) => ({ index, id, errors }));
  const omitted = refusals.length - rejected.length;
  return omitted > 0 ? { rejected, rejectedOmitted: omitted } : { rejected };
}
