import * as z from 'zod';
import type { EntryFilter } from '../entities/match-entry.ts';
import { PACKINGS, type Packing } from '../entities/table.ts';
import type { Retention } from '../entities/timeline.ts';

/** An index partition takes 1,000 writes per second, so 256 take more than the quota of any on-demand table. */
const MOST_SHARDS = 256;

const MOST_DAYS = 3_650;

const settingsSchema = z.object({
  TABLE_NAME: z
    .string({ error: 'must be set to the name of the DynamoDB table' })
    .min(1, 'must not be empty'),
  SHARDS: wholeNumber(1, MOST_SHARDS).default(16),
  RETENTION_DAYS: retention().default(30),
  PACKING: z.enum(PACKINGS, { error: `must be one of ${PACKINGS.join(', ')}` }).default('off'),
  CORS_ORIGIN: z
    .string()
    .regex(/^https?:\/\/[^/\s'"]+$/, 'must be an origin such as https://app.example.com, without a path')
    .optional(),
  WATCHES: watches().optional(),
  OWN_LOG_GROUPS: z.string().default(''),
  /** Lambda sets it. */
  AWS_LAMBDA_LOG_GROUP_NAME: z.string().optional(),
});

export type Watches = Record<string, EntryFilter>;

export interface Settings {
  table: string;
  /** The most shards that a day of a timeline is spread over. */
  shards: number;
  retentionDays: Retention;
  packing: Packing;
  /** The origin whose pages may write. If absent, browsers only let pages of the service's own origin write. */
  corsOrigin?: string;
  /** What the ingest function counts entries for, by name. */
  watches?: Watches;
  /** The log groups of this service, whose lines the ingest function refuses. */
  ownLogGroups: string[];
}

/** The functions cannot run with their environment. The message names every variable that is wrong. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Reads the settings of a function from its environment. @throws SettingsError */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  // Compiling a schema takes longer than checking one environment with it.
  const result = settingsSchema.safeParse(environment, { jitless: true });
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new SettingsError(`The environment is wrong: ${faults.join('; ')}`, { cause: result.error });
  }
  return {
    table: result.data.TABLE_NAME,
    shards: result.data.SHARDS,
    retentionDays: result.data.RETENTION_DAYS,
    packing: result.data.PACKING,
    corsOrigin: result.data.CORS_ORIGIN,
    watches: result.data.WATCHES,
    // The name of a log group has no comma.
    ownLogGroups: [
      ...result.data.OWN_LOG_GROUPS.split(','),
      result.data.AWS_LAMBDA_LOG_GROUP_NAME ?? '',
    ].filter(Boolean),
  };
}

/** `30`, or a number for each severity: `info=7,warning=30,error=90`. */
function retention() {
  const days = wholeNumber(1, MOST_DAYS);
  return z
    .string()
    .transform((text): unknown =>
      text.includes('=') ? Object.fromEntries(text.split(',').map((part) => part.split('='))) : text,
    )
    .pipe(
      z.union([days, z.strictObject({ info: days, warning: days, error: days })], {
        error: `must be a whole number from 1 to ${MOST_DAYS}, or one for each severity, such as info=7,warning=30,error=90`,
      }),
    );
}

/** `{"declined":{"contains":["card declined"]}}`. The stack has checked the filters (stacks/watches.ts). */
function watches() {
  return z.string().transform((text, context): Watches => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('must be JSON: filters by the names of their watches');
      return z.NEVER;
    }
  });
}

function wholeNumber(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message);
}
