import type { StackProps } from 'aws-cdk-lib';
import type { Node } from 'constructs';
import * as z from 'zod';

/** Command-line context (`-c shards=16`) arrives as text, cdk.json context as JSON. */
const whole = z.coerce.number().int().positive();

const schema = z.object({
  /** First word of every name. `dev` may be deleted with its data, any other stage keeps it. */
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be lower-case letters, digits and hyphens, at most 20')
    .default('dev'),
  region: z.string().default('us-east-1'),
  shards: whole.default(8),
  retentionDays: whole.default(30),
  /** Ceiling of the table and of each index, units a second: what a runaway shipper can cost at most. */
  maxWriteUnits: whole.default(8_000),
  maxReadUnits: whole.default(4_000),
  /** Requests a second and at once to each method and path, all callers together. */
  apiRate: whole.default(1_000),
  apiBurst: whole.default(2_000),
  /** The same for each API key, and requests a day. */
  keyRate: whole.default(200),
  keyBurst: whole.default(400),
  keyDailyQuota: whole.default(5_000_000),
  /** Reserved concurrency; unset, a function shares the account's. */
  ingestConcurrency: whole.optional(),
  retrievalConcurrency: whole.optional(),
  /** Where the alarm topic mails to; unset, subscribe by hand. */
  alarmEmail: z.email().optional(),
  /** `owner/name`: whose `develop` branch may deploy; unset, there is no deploy role. */
  githubRepository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name')
    .optional(),
  /** An account holds one provider for GitHub: say `existing` where it has it already. */
  githubProvider: z.enum(['create', 'existing']).default('create'),
});

export type Settings = z.infer<typeof schema>;

/** What every stack of a stage is made from. */
export type LogStackProps = StackProps & { settings: Settings };

/**
 * Reads a stage's settings from CDK context, defaults filled in.
 * @throws {SettingsError} naming each context key that does not fit.
 */
export function readSettings(node: Node): Settings {
  const context = Object.fromEntries(Object.keys(schema.shape).map((key) => [key, node.tryGetContext(key)]));
  const parsed = schema.safeParse(context);
  if (!parsed.success) throw new SettingsError(parsed.error);
  return parsed.data;
}

/** A stage that may be torn down with everything in it. */
export function isDisposable(settings: Settings): boolean {
  return settings.stage === 'dev';
}

export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(cause: z.ZodError) {
    const problems = cause.issues.map(({ path, message }) => `-c ${path.join('.')}=...: ${message}`);
    super(`CDK context does not fit. ${problems.join('; ')}`, { cause });
  }
}
