import { readFileSync } from 'node:fs';
import { type AttributeValue, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { LogEntry } from '../../entities/entry.ts';

/**
 * What version 1.0.0 stored of 41 entries and two refused records, and its answer to GET /logs?limit=1000. The code of
 * that version has written it: commit fa01501.
 */
export const LAYOUT_1: { items: Record<string, AttributeValue>[]; newest: LogEntry[] } = JSON.parse(
  readFileSync(new URL('./layout-1.json', import.meta.url), 'utf8'),
);

/** Fills a table as version 1.0.0 would have now. */
export async function fillWithLayout1(client: DynamoDBClient, table: string): Promise<void> {
  const expiresAt = { N: String(Math.ceil(Date.now() / 1000) + 86_400) };
  for (const item of LAYOUT_1.items)
    await client.send(new PutItemCommand({ TableName: table, Item: { ...item, expiresAt } }));
}
