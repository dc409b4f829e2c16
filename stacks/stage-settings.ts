import type { StackProps } from 'aws-cdk-lib';
import type { Node } from 'constructs';
import * as z from 'zod';

/** Context from the command line (`-c shards=16`) arrives as text, context from cdk.json as JSON. */
const whole = z.coerce.number().int().positive();

const schema = z.object({
  /** First word of every name. Deleting the `dev` stage deletes its data; any other stage keeps its data. */
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be lower-case letters, digits and hyphens, at most 20')
    .default('dev'),
  region: z.string().default('us-east-1'),
  /** Ceiling: how many index partitions a timeline may use on a day. The functions check its bounds. */
  shards: whole.default(16),
  /** From ingest until an entry expires. The functions check its bounds. */
  retentionDays: whole.default(30),
  /** Ceilings of the table and of each index, in units per second. They limit what a runaway shipper costs. */
  maxWriteUnits: whole.default(8_000),
  maxReadUnits: whole.default(4_000),
  /** Requests per second, and at once, to each method and path from all callers together. */
  apiRate: whole.default(1_000),
  apiBurst: whole.default(2_000),
  /** The same for each API key, and its requests per day. */
  keyRate: whole.default(200),
  keyBurst: whole.default(400),
  keyDailyQuota: whole.default(5_000_000),
  /** Reserved concurrency. If unset, a function shares the account's. */
  ingestConcurrency: whole.optional(),
  retrievalConcurrency: whole.optional(),
  /** The origin whose pages may write, such as https://app.example.com. If unset, no page of another origin may. */
  corsOrigin: z.string().optional(),
  /** The address that the alarm topic mails to. If unset, subscribe by hand. */
  alarmEmail: z.email().optional(),
  /** `owner/name` of the repository whose `develop` branch may deploy. If unset, there is no deploy role. */
  githubRepository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name')
    .optional(),
  /** An account can have one OIDC provider for GitHub. Say `existing` if it already has it. */
  githubProvider: z.enum(['create', 'existing']).default('create'),
});

export type StageSettings = z.infer<typeof schema>;

/** The properties of every stack of a stage. */
export type LogStackProps = StackProps & { settings: StageSettings };

/**
 * Reads the settings of a stage from CDK context and fills in defaults.
 * @throws StageSettingsError that names each wrong context key
 */
export function readStageSettings(node: Node): StageSettings {
  const context = Object.fromEntries(Object.keys(schema.shape).map((key) => [key, node.tryGetContext(key)]));
  const parsed = schema.safeParse(context);
  if (!parsed.success) throw new StageSettingsError(parsed.error);
  return parsed.data;
}

/** Whether deleting the stage may delete its data. */
export function isDisposable(settings: StageSettings): boolean {
  return settings.stage === 'dev';
}

/** The CDK context does not describe a stage. The message names every key that is wrong. */
export class StageSettingsError extends Error {
  override readonly name = 'StageSettingsError';

  constructor(cause: z.ZodError) {
    const problems = cause.issues.map(({ path, message }) => `-c ${path.join('.')}=...: ${message}`);
    super(`The CDK context is wrong: ${problems.join('; ')}`, { cause });
  }
}
