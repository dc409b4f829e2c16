import * as z from 'zod';
import type { EntryFilter } from '../entities/match-entry.ts';
import type { AttributeFilter } from '../entities/matches.ts';
import { filters } from '../handlers/retrieval/filter-parameters.ts';
import type { Watches } from '../handlers/settings.ts';

/** CloudWatch takes any number of alarms. Each filter takes time for each entry. */
const MOST_WATCHES = 20;

/** The longest period of an alarm that CloudWatch evaluates each minute is one day. */
const MOST_MINUTES = 1_440;

/** A silence ends after a day (watch-alarms.ts), so it has to begin well before. */
const MOST_SILENT_MINUTES = 720;

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'must be lower-case letters, digits and hyphens, at most 50');

/** Counts entries by a filter in the words of GET /logs, and rings at so many in so many minutes. */
const contentWatch = z.strictObject({
  name,
  severity: filters.severity,
  contains: filters.contains,
  excludes: filters.excludes,
  case: filters.case,
  attributes: attributes(filters.attributes),
  excludedAttributes: attributes(filters.excludedAttributes),
  atLeast: z.int().positive(),
  minutes: z.int().min(1).max(MOST_MINUTES),
});

/** Rings if a shipper that sent within the last day has sent nothing for so many minutes. */
const silenceWatch = z.strictObject({
  name,
  shipper: z.string(),
  silentMinutes: z.int().min(1).max(MOST_SILENT_MINUTES),
});

export type ContentWatch = z.infer<typeof contentWatch>;
export type SilenceWatch = z.infer<typeof silenceWatch>;
export type Watch = ContentWatch | SilenceWatch;

/** The setting `watches` of a stage. From the command line it is the same as JSON. */
export const watchesSetting = z.preprocess(
  (value) => (typeof value === 'string' ? parseJson(value) : value),
  z
    .array(z.union([contentWatch, silenceWatch], { error: faultsOfClosest }))
    .max(MOST_WATCHES, `must be ${MOST_WATCHES} at most`)
    .refine((watches) => new Set(watches.map((watch) => watch.name)).size === watches.length, {
      error: 'must have different names',
    }),
);

export function isContentWatch(watch: Watch): watch is ContentWatch {
  return 'atLeast' in watch;
}

/** The variable from which the ingest function reads what to count. Without such watches there is none. */
export function watchesVariable(watches: Watch[]): { WATCHES?: string } {
  const counted: Watches = Object.fromEntries(
    watches.filter(isContentWatch).map((watch) => [watch.name, filterOf(watch)]),
  );
  return Object.keys(counted).length === 0 ? {} : { WATCHES: JSON.stringify(counted) };
}

function filterOf({ severity, case: textCase, ...watch }: ContentWatch): EntryFilter {
  const { contains, excludes, attributes, excludedAttributes } = watch;
  return { severities: severity, contains, excludes, textCase, attributes, excludedAttributes };
}

/** What is wrong with a watch, as GET /logs says it: that of the kind with which less is wrong. */
function faultsOfClosest({ errors }: { errors?: z.core.$ZodIssue[][] }): string | undefined {
  const [closest] = (errors ?? []).toSorted((one, other) => one.length - other.length);
  return closest?.map(({ path, message }) => `${path.slice(0, 1).join()} ${message}`.trim()).join('; ');
}

/** `{ 'service.name': 'checkout' }`, checked as GET /logs checks `attributes[service.name]=checkout`. */
function attributes(list: typeof filters.attributes) {
  return z
    .record(z.string(), z.string())
    .transform((texts): AttributeFilter[] | undefined =>
      Object.entries(texts).map(([name, text]) => ({ name, text })),
    )
    .pipe(list)
    .optional();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
