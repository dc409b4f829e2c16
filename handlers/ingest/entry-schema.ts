import * as z from 'zod';
import type { Fault } from '../../entities/dead-letter.ts';
import { SEVERITIES } from '../../entities/entry.ts';
import { InvalidInstantError, instantAt, parseInstant } from '../../entities/instant.ts';
import { compactJson } from '../../entities/json-text.ts';
import type { CheckedEntry } from '../../entities/log-entry.ts';
import { digest } from '../../entities/timeline.ts';
import {
  ATTRIBUTE_KEY_LIMIT_BYTES,
  ATTRIBUTES_LIMIT_DEPTH,
  ENTRY_LIMIT_BYTES,
  FUTURE_LIMIT_MS,
  ID_LIMIT_BYTES,
  MESSAGE_LIMIT_BYTES,
} from '../limits.ts';

/** One log entry of a request. Other fields are ignored, because shippers add their own. */
export const entrySchema = z
  .object(
    {
      id: text('id')
        .superRefine((id, context) => {
          if (id === '') context.addIssue('must not be empty');
          else if (id === '.' || id === '..')
            context.addIssue('must not be . or .., because no URL can lead to it: add a character');
          else checkText(id, ID_LIMIT_BYTES, context);
        })
        .meta({ minLength: 1, description: `Up to ${ID_LIMIT_BYTES} bytes of UTF-8` }),
      datetime: text('datetime', 'must be a string such as 2023-11-15T12:05:00Z, not an epoch number')
        .meta({
          format: 'date-time',
          description: 'RFC 3339 with Z or an offset, 0 to 9 fraction digits, at most 24 hours ahead',
        })
        .transform(checkDatetime),
      severity: z.enum(SEVERITIES, { error: `must be exactly one of ${SEVERITIES.join(', ')}` }),
      message: text('message')
        .superRefine((message, context) => checkText(message, MESSAGE_LIMIT_BYTES, context))
        .meta({ description: `Up to ${MESSAGE_LIMIT_BYTES} bytes of UTF-8` }),
      attributes: attributes().optional(),
    },
    { error: 'must be a JSON object with id, datetime, severity and message' },
  )
  .meta({
    id: 'LogEntry',
    examples: [
      {
        id: 'unique-id-123',
        datetime: '2023-11-15T12:05:00Z',
        severity: 'info',
        message: 'Log content here',
      },
    ],
  });

/**
 * The entry in a value, or why the value is not a valid entry.
 * @param attributesJson gives the JSON of the attributes as it was sent; called only if there are attributes
 */
export function toEntry(
  value: unknown,
  attributesJson: () => string | undefined = () => undefined,
): { entry: CheckedEntry } | { errors: Fault[] } {
  const result = entrySchema.safeParse(value);
  if (!result.success)
    return { errors: result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) };
  const { id, datetime, severity, message, attributes } = result.data;
  const entry = { id, datetime: datetime.text, severity, message, instant: datetime.instant };
  if (attributes === undefined) return { entry };
  const json = compactJson(attributesJson() ?? JSON.stringify(attributes));
  if (fitsInItem(message, json)) return { entry: { ...entry, attributes: json } };
  const problem = `must not be over ${ENTRY_LIMIT_BYTES} bytes of JSON together with the message: shorten one of the two`;
  return { errors: [{ path: 'attributes', message: problem }] };
}

/** UTF-8 takes at most three bytes per UTF-16 unit, so most entries need no counting. */
function fitsInItem(message: string, attributes: string): boolean {
  if ((message.length + attributes.length) * 3 <= ENTRY_LIMIT_BYTES) return true;
  return Buffer.byteLength(message) + Buffer.byteLength(attributes) <= ENTRY_LIMIT_BYTES;
}

/** 128 bits of SHA-256: enough that two different records never get the same id. */
const DERIVED_ID_CHARACTERS = 22;

/** An id for a record that has none. The same record sent again gets the same id, so it is the same entry. */
export function deriveId(record: string | Uint8Array): string {
  return digest(record, DERIVED_ID_CHARACTERS);
}

/** Whether a text can be the id of an entry. */
export function isId(text: string): boolean {
  return entrySchema.shape.id.safeParse(text).success;
}

function text(field: string, wrongType = 'must be a string') {
  return z.string({
    error: ({ input }) =>
      input === undefined ? `is missing: give the entry ${field === 'id' ? 'an' : 'a'} ${field}` : wrongType,
  });
}

/** UTF-8 takes at most three bytes per UTF-16 unit, so most texts need no counting. */
function checkText(value: string, limitBytes: number, context: z.RefinementCtx<string>): void {
  if (value.length * 3 > limitBytes && Buffer.byteLength(value) > limitBytes)
    context.addIssue(`must not be over ${limitBytes} bytes of UTF-8: shorten it`);
  if (!value.isWellFormed())
    context.addIssue('contains half of a surrogate pair (U+D800 to U+DFFF): send whole characters');
}

/** A datetime as it was sent, with the instant that it names. */
function checkDatetime(text: string, context: z.RefinementCtx<string>): { text: string; instant: string } {
  try {
    const instant = parseInstant(text);
    if (instant > instantAt(Date.now() + FUTURE_LIMIT_MS))
      context.addIssue('is more than 24 hours in the future: check the clock and the offset of the sender');
    return { text, instant };
  } catch (error) {
    if (!(error instanceof InvalidInstantError)) throw error;
    context.addIssue(error.message);
    return z.NEVER;
  }
}

/** The attributes of an entry, checked but not copied: what is stored is their JSON as it was sent. */
function attributes() {
  return z
    .unknown()
    .superRefine((value, context) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        context.addIssue('must be a JSON object');
      else {
        const fault = faultIn(value, 1);
        if (fault) context.addIssue(fault);
      }
    })
    .meta({
      type: 'object',
      description: `Anything else about the entry: any JSON object. Up to ${ENTRY_LIMIT_BYTES} bytes as compact JSON, together with the message, ${ATTRIBUTES_LIMIT_DEPTH} levels, and ${ATTRIBUTE_KEY_LIMIT_BYTES} bytes in a key. Returned as it was sent, and only if it was sent.`,
    });
}

/** @param depth of the object or array; the attributes themselves have depth 1 */
function faultIn(value: object, depth: number): string | undefined {
  if (depth > ATTRIBUTES_LIMIT_DEPTH)
    return `must not be nested more than ${ATTRIBUTES_LIMIT_DEPTH} deep: flatten them`;
  if (!Array.isArray(value) && Object.keys(value).some(isLongKey))
    return `must not have a key over ${ATTRIBUTE_KEY_LIMIT_BYTES} bytes of UTF-8: shorten it`;
  for (const child of Object.values(value)) {
    const fault = typeof child === 'object' && child !== null ? faultIn(child, depth + 1) : undefined;
    if (fault) return fault;
  }
  return undefined;
}

/** UTF-8 takes at most three bytes per UTF-16 unit, so most keys need no counting. */
function isLongKey(key: string): boolean {
  return key.length * 3 > ATTRIBUTE_KEY_LIMIT_BYTES && Buffer.byteLength(key) > ATTRIBUTE_KEY_LIMIT_BYTES;
}
