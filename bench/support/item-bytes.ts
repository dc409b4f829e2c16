import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * The size of an item of strings and numbers, as DynamoDB counts it for capacity: the UTF-8 bytes of every name
 * and string, and of a number one byte for two significant digits and one more (developer guide, "DynamoDB
 * item sizes and formats").
 */
export function itemBytes(item: Record<string, AttributeValue>): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function valueBytes({ S, N }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N === undefined) throw new Error('Only strings and numbers are expected in an item');
  const significant = N.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
  return Math.ceil(significant / 2) + 1;
}
