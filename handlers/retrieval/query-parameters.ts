import * as z from 'zod';
import type { Fault } from '../../entities/dead-letter.ts';
import { LARGEST_PAGE } from '../../entities/entry.ts';
import { epochMillisecondsOf, InvalidInstantError, parseInstant } from '../../entities/instant.ts';
import type { AttributeFilter } from '../../entities/matches.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { FUTURE_LIMIT_MS } from '../limits.ts';
import { filters, single } from './filter-parameters.ts';

/** Entries on a page for which no limit is given. */
const DEFAULT_LIMIT = 100;

/** What an entry has besides the fields that were sent. */
const FURTHER_FIELDS = ['sender'] as const;

/** A plus sign that is not percent-encoded arrives as a space, as in `from=2023-11-15T12:05:00+01:00`. */
const UNESCAPED_PLUS = / (?=\d\d:\d\d$)/;

/** Buckets of one response. So many stay under 1 MB. */
const MOST_BUCKETS = 10_000;

const STEP_MESSAGE = 'must be a number of seconds above 0, with at most 3 decimals';

const LIMIT_MESSAGE = `must be a whole number from 1 to ${LARGEST_PAGE}`;

const limit = single()
  .refine(
    (text) => /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= LARGEST_PAGE,
    LIMIT_MESSAGE,
  )
  .meta({ type: 'integer', minimum: 1, maximum: LARGEST_PAGE, default: DEFAULT_LIMIT })
  .transform(Number)
  .default(DEFAULT_LIMIT)
  .describe('Entries on the page');
const from = instant().describe('The start of the time span, inclusive');
const to = instant().optional().describe('The end of the time span, exclusive');
const cursor = single().optional().describe('Where the page before ended; from its Link header');

const fields = z
  .array(z.enum(FURTHER_FIELDS, { error: `must be ${FURTHER_FIELDS.join(' or ')}` }))
  .optional()
  .describe(
    'Fields that entries have only if they are asked for. `sender`: the id of the API key that sent it',
  );

/** The parameters of GET /dead-letters. */
export const pageQuerySchema = z
  .strictObject({ limit, from: from.optional(), to, cursor })
  .superRefine(requireOrder);

export type PageParameters = z.infer<typeof pageQuerySchema>;

/** The parameters of GET /logs/{id}. */
export const idQuerySchema = z
  .strictObject({ limit, from: from.optional(), to, cursor, fields })
  .superRefine(requireOrder);

/** The parameters of GET /logs. */
export const entryQuerySchema = z
  .strictObject({ limit, ...filters, from: from.optional(), to, cursor, fields })
  .superRefine(requireOrder);

/** The parameters of GET /counts. `step` becomes milliseconds. */
export const countQuerySchema = z
  .strictObject({
    from,
    to,
    step: single()
      .refine((text) => /^\d{1,9}(\.\d{1,3})?$/.test(text) && Number(text) > 0, {
        error: STEP_MESSAGE,
        abort: true,
      })
      .meta({ type: 'number', exclusiveMinimum: 0 })
      .transform((text) => Math.round(Number(text) * 1_000))
      .describe('The length of a bucket in seconds. Buckets begin at multiples of it since 1970.'),
    ...filters,
    cursor,
  })
  .superRefine(requireOrder)
  .superRefine(requireFewBuckets);

export type CountParameters = z.infer<typeof countQuerySchema>;

/** Reads the parameters of a request. @throws HttpProblem 400 that names each wrong parameter */
export function parseQuery<Schema extends z.ZodType>(
  schema: Schema,
  query: URLSearchParams,
): z.infer<Schema> {
  const result = schema.safeParse(readParameters(query));
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(toFaults);
  const detail = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new HttpProblem(400, detail, { extension: { errors } });
}

/** `attributes[service.name]=checkout`. A key may contain brackets itself. */
const ATTRIBUTE = /^(attributes|excludedAttributes)\[(.+)\]$/s;

function readParameters(query: URLSearchParams): Record<string, unknown> {
  const names = [...new Set(query.keys())].filter((name) => !ATTRIBUTE.test(name));
  const attributes: Record<string, AttributeFilter[]> = {};
  for (const [parameter, text] of query) {
    const [, list, name] = ATTRIBUTE.exec(parameter) ?? [];
    if (list === undefined || name === undefined) continue;
    attributes[list] ??= [];
    attributes[list].push({ name, text });
  }
  return {
    ...attributes,
    ...Object.fromEntries(names.map((name) => [name, readParameter(name, query.getAll(name))])),
  };
}

function readParameter(name: string, values: string[]): string | string[] {
  if (name === 'severity' || name === 'fields')
    return values.flatMap((value) => value.split(',')).map((value) => value.trim());
  if (name === 'contains' || name === 'excludes' || name === 'word') return values;
  return values.length === 1 ? (values[0] ?? '') : values;
}

function toFaults(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((path) => ({ path, message: 'is not a parameter of this resource' }));
  return [{ path: String(issue.path[0]), message: issue.message }];
}

function requireOrder({ from, to }: { from?: string; to?: string }, context: z.RefinementCtx): void {
  if (from !== undefined && to !== undefined && from > to)
    context.addIssue({ code: 'custom', path: ['from'], message: 'lies after to: exchange them' });
}

function requireFewBuckets({ from, to, step }: CountParameters, context: z.RefinementCtx): void {
  // Entries may be dated up to a day in the future, so a time span without an end has room for them.
  const end = to === undefined ? Date.now() + FUTURE_LIMIT_MS : epochMillisecondsOf(to);
  if ((end - epochMillisecondsOf(from)) / step > MOST_BUCKETS)
    context.addIssue({
      code: 'custom',
      path: ['step'],
      message: `makes more than ${MOST_BUCKETS} buckets: choose a longer step or a shorter time span`,
    });
}

function instant() {
  return single()
    .meta({ format: 'date-time' })
    .transform((text, context) => {
      try {
        return parseInstant(text.replace(UNESCAPED_PLUS, '+'));
      } catch (error) {
        if (!(error instanceof InvalidInstantError)) throw error;
        context.addIssue(error.message);
        return z.NEVER;
      }
    });
}
