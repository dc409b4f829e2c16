import { type DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { LAYOUT, LAYOUT_KEY, TABLE } from '../../entities/table.ts';

const KEY = { [TABLE.partitionKey]: { S: LAYOUT_KEY }, [TABLE.sortKey]: { S: LAYOUT_KEY } };

/**
 * Writes the mark of the layout into an empty table, and requires it in every other. Without this check, a table that
 * another version filled would look nearly empty.
 * @throws Error that says what to do when the items of the table have another layout
 */
export async function checkLayout(client: DynamoDBClient, table: string): Promise<void> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: KEY, ConsistentRead: true }),
  );
  const found = Item?.[LAYOUT_KEY]?.N;
  if (found === String(LAYOUT)) return;
  if (found !== undefined || !(await isEmpty(client, table)))
    throw new Error(
      `The table ${table} was filled by another version of the service, and this one would not find its entries: ` +
        'with that version, export them with "npm run --silent logs -- --json --limit 1000000 > entries.ndjson"; ' +
        'with this one, start over another DATA_DIR or TABLE_NAME and post them there in parts',
    );
  const mark = { ...KEY, [LAYOUT_KEY]: { N: String(LAYOUT) } };
  await client.send(new PutItemCommand({ TableName: table, Item: mark }));
}

async function isEmpty(client: DynamoDBClient, table: string): Promise<boolean> {
  const { Items = [] } = await client.send(
    new ScanCommand({ TableName: table, Limit: 1, ConsistentRead: true }),
  );
  return Items.length === 0;
}
