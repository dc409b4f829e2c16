import { createFieldCounts } from '../client/field-counts.ts';
import type { LogClient } from '../client/log-client.ts';
import { forAMoment } from '../client/patience.ts';
import { createPatternCounts } from '../client/pattern-counts.ts';
import type { Query } from '../client/query.ts';
import { readNewest } from '../client/read-entries.ts';

/** Entries that are looked at: ten pages. More of them would hardly change what most entries share. */
const LARGEST_SAMPLE = 10_000;

/** What the newest entries of a view share. */
export interface Sample {
  fields: ReturnType<typeof createFieldCounts>;
  patterns: ReturnType<typeof createPatternCounts>;
  /** How many entries were looked at, and whether there are older ones. */
  entries: number;
  hasOlder: boolean;
}

/** Looks at the newest entries of a view, and gives what is known after each page, until the signal. @throws ServiceError */
export async function* readSample(
  client: LogClient,
  query: Query,
  signal: AbortSignal,
): AsyncGenerator<Sample, void> {
  const sample: Sample = {
    fields: createFieldCounts(),
    patterns: createPatternCounts(),
    entries: 0,
    hasOlder: false,
  };
  const patience = { wait: forAMoment, signal };
  for await (const page of readNewest(client, query, { limit: LARGEST_SAMPLE, patience })) {
    sample.fields.add(page.entries);
    sample.patterns.add(page.entries);
    sample.entries += page.entries.length;
    sample.hasOlder = page.hasOlder;
    yield sample;
  }
}
