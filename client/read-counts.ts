import { SEVERITIES, type Severity } from '../entities/entry.ts';
import { epochMillisecondsOf, parseInstant } from '../entities/instant.ts';
import type { LogService } from './log-service.ts';
import { type Query, requestParametersOf } from './query.ts';
import { notALogService, refusalOf } from './service-error.ts';
import { type Patience, untilAnswered } from './until-answered.ts';

/** How many entries a range holds by time and severity, as far as they have been counted. */
export interface Counted {
  /** The length of a bucket in milliseconds. */
  step: number;
  /** By the start of the bucket, milliseconds since 1970. */
  buckets: Map<number, Record<Severity, number>>;
  /** From this instant on all entries that were asked for are counted, milliseconds since 1970. */
  completeFrom: number;
}

/** Pages of counts that are read for one range: each may cost the service a scan. */
const MOST_PAGES = 10;

/**
 * Counts the entries that match, page by page: warnings and errors first, then info from the newest on.
 * @param query with the beginning of the range
 * @throws ServiceError when it will not pass
 */
export async function* readCounts(
  service: LogService,
  query: Query & { from: string },
  step: number,
  patience: Patience,
): AsyncGenerator<Counted> {
  const asked = query.severity.length > 0 ? query.severity : SEVERITIES;
  // Warnings and errors have an index of their own and are soon counted.
  const unread = [asked.filter((one) => one !== 'info'), asked.filter((one) => one === 'info')]
    .filter(({ length }) => length > 0)
    .map((severity) => firstUrl(service, { ...query, severity }, step));
  const buckets: Counted['buckets'] = new Map();
  const backTo = new Map<string, number>();
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const url = unread.shift();
    if (!url) return;
    const page = await untilAnswered(() => readPage(service, url, patience.signal), patience);
    if (!page) return;
    for (const { start, ...counts } of page.buckets) {
      const bucket = buckets.get(Date.parse(start)) ?? { info: 0, warning: 0, error: 0 };
      for (const severity of SEVERITIES) bucket[severity] += counts[severity];
      buckets.set(Date.parse(start), bucket);
    }
    for (const [severity, instant] of Object.entries(page.countedBackTo))
      backTo.set(severity, epochMillisecondsOf(parseInstant(instant)));
    if (page.next) unread.unshift(page.next);
    yield {
      step,
      buckets,
      completeFrom: Math.max(...asked.map((severity) => backTo.get(severity) ?? Number.POSITIVE_INFINITY)),
    };
  }
}

function firstUrl(service: LogService, query: Query, step: number): URL {
  const parameters = requestParametersOf(query);
  parameters.set('step', String(step / 1_000));
  return service.urlOf(`/counts?${parameters}`);
}

interface CountPage {
  buckets: ({ start: string } & Record<Severity, number>)[];
  countedBackTo: Record<string, string>;
}

async function readPage(
  service: LogService,
  url: URL,
  signal?: AbortSignal,
): Promise<CountPage & { next?: URL }> {
  const response = await service.get(url, signal);
  if (!response.ok) throw await refusalOf(response);
  const page = (await response.json()) as Partial<CountPage>;
  if (!Array.isArray(page.buckets) || typeof page.countedBackTo !== 'object') throw notALogService(url);
  return { buckets: page.buckets, countedBackTo: page.countedBackTo, next: service.nextOf(response) };
}
