import * as z from 'zod';
import { SEVERITIES } from '../../entities/entry.ts';
import { TEXT_CASES } from '../../entities/matches.ts';
import { isWord } from '../../entities/token-filter.ts';
import { ATTRIBUTE_KEY_LIMIT_BYTES, ATTRIBUTES_LIMIT_DEPTH } from '../limits.ts';

/** Texts or attributes of one filter. A filter expression of DynamoDB has at most 4 KB. */
const MOST_PER_FILTER = 20;

/** The parameters that choose entries. */
export const filters = {
  severity: z
    .array(z.enum(SEVERITIES, { error: `must be one or several of ${SEVERITIES.join(', ')}` }))
    .optional()
    .describe('One or more, repeated or separated by commas'),
  contains: texts().describe('Text that the message must contain; if repeated, all of them'),
  excludes: texts().describe('Text that the message must not contain; if repeated, none of them'),
  case: z
    .enum(TEXT_CASES, { error: `must be ${TEXT_CASES.join(' or ')}` })
    .optional()
    .describe(
      'How `contains` and `excludes` compare. `sensitive`, the default: upper and lower case differ. `smart`: they differ only for a text that has an upper-case letter.',
    ),
  word: texts(
    z.string().refine(isWord, 'must be one word: letters, digits, and hyphens between them'),
  ).describe(
    'A whole word of the message or the attributes, such as an order number or a trace id, or the id of the entry; if repeated, all of them. Upper and lower case differ.',
  ),
  sender: single()
    .min(1, 'must not be empty')
    .optional()
    .describe('The id of the API key that sent the entry'),
  attributes: attributes(
    'attributes[service.name]=checkout',
    'Attributes that the entry must have, by the text of their values: `attributes[service.name]=checkout`. Dots lead into nested objects too. The members of a message that is a JSON object count as attributes. If there are several values under a name, any may match. If several attributes are given, all must match.',
  ),
  excludedAttributes: attributes(
    'excludedAttributes[service.name]=checkout',
    'Attributes that the entry must not have, named as in `attributes`: `excludedAttributes[service.name]=checkout`. An entry without the attribute is returned. If several are given, none may match.',
  ),
};

export type FilterParameters = z.infer<z.ZodObject<typeof filters>>;

/** A parameter that may be given only once. */
export function single() {
  return z.string({
    error: ({ input }) => (input === undefined ? 'is needed' : 'must be given only once'),
  });
}

function texts(text = z.string().min(1, 'must not be empty')) {
  return z
    .array(text)
    .max(MOST_PER_FILTER, `must not be given more than ${MOST_PER_FILTER} times`)
    .optional();
}

/** Attributes by the texts of their values: a parameter for each, as in `example`. */
function attributes(example: string, description: string) {
  return z
    .array(z.object({ name: attributeName(), text: z.string() }), {
      error: `must name one attribute, such as ${example}`,
    })
    .max(MOST_PER_FILTER, `must not be given more than ${MOST_PER_FILTER} times`)
    .optional()
    .meta({
      style: 'deepObject',
      type: 'object',
      items: undefined,
      maxItems: undefined,
      additionalProperties: { type: 'string' },
      description,
    });
}

function attributeName() {
  return z.string().superRefine((name, context) => {
    if (Buffer.byteLength(name) > ATTRIBUTE_KEY_LIMIT_BYTES)
      context.addIssue(`must not name an attribute of more than ${ATTRIBUTE_KEY_LIMIT_BYTES} bytes`);
    else if (name.split('.').length > ATTRIBUTES_LIMIT_DEPTH)
      context.addIssue(`must not name an attribute that is more than ${ATTRIBUTES_LIMIT_DEPTH} deep`);
  });
}
