import * as z from 'zod';
import { ATTRIBUTE_KEY_LIMIT_BYTES, ATTRIBUTES_LIMIT_BYTES, ATTRIBUTES_LIMIT_DEPTH } from '../limits.ts';

/** The attributes of an entry, checked but not copied: what is stored is their JSON as it was sent. */
export const attributesSchema = z
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
    description: `Whatever else is known of the entry: any JSON. Up to ${ATTRIBUTES_LIMIT_BYTES} bytes as compact JSON, ${ATTRIBUTES_LIMIT_DEPTH} levels, and ${ATTRIBUTE_KEY_LIMIT_BYTES} bytes in a key. Returned as it was sent, and only if it was sent.`,
  });

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
