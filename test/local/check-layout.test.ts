import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';
import { openTables, type TestTable } from '../support/table.ts';

/** The mark that docs/design.md describes. */
const Key = { pk: { S: 'layout' }, sk: { S: 'layout' } };
const mark = (layout: number) => ({ ...Key, layout: { N: String(layout) } });

/** An entry as a version stored it before each severity had its own timeline. */
const OLDER_ENTRY = {
  pk: { S: 'e#order-4711' },
  sk: { S: '2023-11-15T12:05:00.000000000Z#order-4711#digest' },
  gsi1pk: { S: 'all#2023-11-15#0' },
  message: { S: 'Stored by an older version' },
};
const ADVICE = /^The table .+ was filled by another version .+: with that version, export them .+ DATA_DIR/;

let tables: TestTable;
let TableName: string;
beforeAll(async () => {
  tables = await openTables();
});
beforeEach(async () => {
  TableName = await tables.create();
});
afterAll(() => tables.close());

describe('A table', () => {
  test('is marked with the layout when it is created, and can be opened again', async () => {
    const { Item } = await tables.client.send(new GetItemCommand({ TableName, Key }));
    expect(Item).toEqual(mark(2));
    await put(OLDER_ENTRY);
    await createTableIfAbsent(tables.client, TableName);
  });

  test('that an older version filled is not opened, and the error says what to do', async () => {
    await tables.client.send(new DeleteItemCommand({ TableName, Key }));
    await put(OLDER_ENTRY);
    await expect(createTableIfAbsent(tables.client, TableName)).rejects.toThrow(ADVICE);
  });

  test.each([1, 3])('with the mark of layout %i is not opened', async (layout) => {
    await put(mark(layout));
    await expect(createTableIfAbsent(tables.client, TableName)).rejects.toThrow(ADVICE);
  });

  test('that an older version created and left empty is marked and opened', async () => {
    await tables.client.send(new DeleteItemCommand({ TableName, Key }));
    await createTableIfAbsent(tables.client, TableName);
    const { Item } = await tables.client.send(new GetItemCommand({ TableName, Key }));
    expect(Item).toEqual(mark(2));
  });
});

async function put(Item: Record<string, AttributeValue>): Promise<void> {
  await tables.client.send(new PutItemCommand({ TableName, Item }));
}
