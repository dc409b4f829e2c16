import type { StackProps } from 'aws-cdk-lib';
import type { Node } from 'constructs';
import * as z from 'zod';
import { PACKINGS } from '../entities/table.ts';
import { OTHER_SHIPPERS } from '../handlers/metric-names.ts';
import { namesOf, ownLogGroups } from './names.ts';
import { isContentWatch, watchesSetting } from './watches.ts';

/** Context from the command line (`-c shards=16`) arrives as text. */
const whole = z.coerce.number<number | string>().int().positive();

/** Such text from the command line is handed on to the functions: `info=7,warning=30,error=90`. */
const eachAsText = z.string().includes('=');

/** The API reference of CloudWatch Logs, CreateLogGroup. */
const LOG_GROUP = /^[\w./#-]{1,512}$/;

const logGroups = z
  .array(z.string().regex(LOG_GROUP, 'must be names of log groups, such as /aws/lambda/checkout'))
  .refine((names) => new Set(names).size === names.length, 'must not name a log group twice');

/** An API Gateway stage has at most 100 variables (its quotas), and each shipper takes one. */
const MOST_SHIPPERS = 100;

/** What the values of stage variables and the dimensions of CloudWatch metrics may both have, without `=`. */
const SHIPPER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** From the command line: `first-shipper,second-shipper`. */
const listAsText = z.string().transform((text) => text.split(','));

function areShippers(names: string[]): boolean {
  const areNames = names.every((name) => SHIPPER_NAME.test(name) && name !== OTHER_SHIPPERS);
  return areNames && new Set(names).size === names.length && names.length <= MOST_SHIPPERS;
}

const schema = z.strictObject({
  /** First word of every name. Deleting the `dev` stage deletes its data; any other stage keeps its data. */
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be lower-case letters, digits and hyphens, at most 20')
    .default('dev'),
  region: z.string().default('us-east-1'),
  /** Ceiling: how many index partitions a timeline may use on a day. The functions check its bounds. */
  shards: whole.default(16),
  /** Days from ingest until an entry expires, of all or of each severity. The functions check their bounds. */
  retentionDays: z
    .union([whole, z.strictObject({ info: whole, warning: whole, error: whole }), eachAsText], {
      error: 'must be a number of days, or { info, warning, error } with a number each',
    })
    .default(30),
  /** Whether the table can be restored to any second of the last 35 days. */
  recovery: z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })]).default(true),
  /** Infrequent access costs less for what is stored and more for what is written and read. */
  tableClass: z.enum(['STANDARD', 'STANDARD_INFREQUENT_ACCESS']).default('STANDARD'),
  /** Which entries the ingest function packs into blocks. */
  packing: z.enum(PACKINGS, { error: `must be one of ${PACKINGS.join(', ')}` }).default('off'),
  /** How DynamoDB is paid: by the request, or by the hour for capacity that follows the load. */
  capacity: z.enum(['on-demand', 'provisioned']).default('on-demand'),
  /** Ceilings of the table and of each index, in units per second. They limit what a runaway shipper costs. */
  maxWriteUnits: whole.default(8_000),
  maxReadUnits: whole.default(4_000),
  /** The lower bounds of provisioned capacity, in units per second, for the table and for each index. */
  minWriteUnits: whole.default(5),
  minReadUnits: whole.default(5),
  /** Requests per second, and at once, to each route from all callers together. */
  apiRate: whole.default(1_000),
  apiBurst: whole.default(2_000),
  /** The same for each API key, and its requests per day. */
  keyRate: whole.default(200),
  keyBurst: whole.default(400),
  keyDailyQuota: whole.default(5_000_000),
  /** Each gets an API key and metrics of its own. Keys made by hand work too, and count as OTHER_SHIPPERS. */
  shippers: z
    .union([z.array(z.string()), listAsText])
    .refine(areShippers, {
      error: `must be up to ${MOST_SHIPPERS} different names of letters, digits, dots, hyphens and underscores, each at most 64 long, and not "${OTHER_SHIPPERS}"`,
    })
    .default([]),
  /** Reserved concurrency. If unset, a function shares the account's. */
  ingestConcurrency: whole.optional(),
  retrievalConcurrency: whole.optional(),
  /** The log groups of this account and region whose lines are stored, such as /aws/lambda/checkout. */
  cloudWatchLogs: z
    .union([
      logGroups,
      z
        .string()
        .transform((text) => text.split(','))
        .pipe(logGroups),
    ])
    .default([]),
  /** What of the entries somebody is told of (watches.ts). */
  watches: watchesSetting.default([]),
  /** The origin whose pages may write, such as https://app.example.com. If unset, no page of another origin may. */
  corsOrigin: z.string().optional(),
  /** The address that the alarm topic mails to. If unset, subscribe by hand. */
  alarmEmail: z.email().optional(),
  /** The role with which API Gateway writes logs. An account has one per region, and `create` replaces it. */
  gatewayLogRole: z.enum(['create', 'existing']).default('create'),
  /** IAM cannot change the description of a policy, so this must be what was deployed first. */
  readerPolicyDescription: z
    .string()
    .default('May read log entries and dead letters through the API, and nothing else'),
  /** The repository whose `develop` branch may deploy, as in GitHub's tokens. If unset, there is no deploy role. */
  githubRepository: z
    .string()
    .regex(
      /^(?:[\w.-]+\/[\w.-]+|[\w.-]+@\d+\/[\w.-]+@\d+)$/,
      "must be owner/name or owner@ID/name@ID, as in GitHub's tokens (docs/deploy.md)",
    )
    .optional(),
  /** An account can have one OIDC provider for GitHub. Set `existing` if it has one already. */
  githubProvider: z.enum(['create', 'existing']).default('create'),
});

const consistent = schema
  .refine((settings) => settings.minWriteUnits <= settings.maxWriteUnits, {
    path: ['minWriteUnits'],
    error: 'must not be above maxWriteUnits',
  })
  .refine((settings) => settings.minReadUnits <= settings.maxReadUnits, {
    path: ['minReadUnits'],
    error: 'must not be above maxReadUnits',
  })
  .refine(
    ({ stage, cloudWatchLogs }) =>
      !ownLogGroups(namesOf(stage)).some((name) => cloudWatchLogs.includes(name)),
    {
      path: ['cloudWatchLogs'],
      error:
        'must not have a log group of the service itself, because storing a line of it would write another',
    },
  )
  .refine(
    ({ watches, shippers }) =>
      watches.every((watch) => isContentWatch(watch) || shippers.includes(watch.shipper)),
    { path: ['watches'], error: 'must be for the silence of a shipper among `shippers`' },
  );

export type StageSettings = z.infer<typeof schema>;

/** What a stage may set in stages.ts. Its name is the key there. */
export type OwnSettings = Omit<z.input<typeof schema>, 'stage'>;

/** The properties of every stack of a stage. */
export type LogStackProps = StackProps & { settings: StageSettings };

/**
 * Reads the settings of the stage that CDK context names, by default `dev`: its own, then defaults. Context
 * (`-c shards=32`) overrides both, for a trial.
 * @param stages what each stage sets itself, as in stages.ts
 * @throws StageSettingsError that names each wrong setting and where it is set
 */
export function readStageSettings(node: Node, stages: Record<string, OwnSettings>): StageSettings {
  const keys = Object.keys(schema.shape);
  const given = keys.map((key) => [key, node.tryGetContext(key)]).filter(([, value]) => value !== undefined);
  const context = Object.fromEntries(given);
  const stage = context.stage ?? 'dev';
  const own = Object.hasOwn(stages, stage) ? stages[stage] : {};
  const parsed = consistent.safeParse({ ...own, ...context });
  if (!parsed.success) throw new StageSettingsError(stage, context, parsed.error);
  return parsed.data;
}

/** Whether deleting the stage may delete its data. */
export function isDisposable(settings: StageSettings): boolean {
  return settings.stage === 'dev';
}

/** The settings of a stage are wrong. The message names each wrong one and where to correct it. */
export class StageSettingsError extends Error {
  override readonly name = 'StageSettingsError';

  constructor(stage: string, context: Record<string, unknown>, cause: z.ZodError) {
    const problems = cause.issues.map(({ path: [key, ...inner], message }) => {
      if (key === undefined) return `stacks/stages.ts, ${stage}: ${message}`;
      const place =
        String(key) in context ? `-c ${String(key)}=...` : `stacks/stages.ts, ${stage}.${String(key)}`;
      const within = inner.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
      return `${place}${within.join('')}: ${message}`;
    });
    super(`The settings of the stage are wrong: ${problems.join('; ')}`, { cause });
  }
}
