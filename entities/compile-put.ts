import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as DynamoDB's own client takes it. */
export type Item = Record<string, AttributeValue>;

/** What is asked of an ElectroDB entity; its own overloads of `put` hide the row's type from inference. */
interface Entity {
  put(row: never): { params(): unknown };
}

/** What a field of an item holds. */
type Value = string | number | Uint8Array;

interface Field {
  name: string;
  prefix: string;
  attribute: string;
}

/**
 * Compiles what an ElectroDB entity puts into a function from row to item.
 *
 * ElectroDB stays the one that says which field holds what: it is asked once, with a sample row, and the
 * answer is kept as a layout. Asking it for each entry costs more than everything else on the write path.
 * @param sample a row with every attribute present, all values different and none the end of a constant
 * @throws Error when the entity stores something that is not a constant or one attribute behind a prefix
 */
export function compilePut<Row extends object>(entity: Entity, sample: Required<Row>): (row: Row) => Item {
  const { Item: stored } = entity.put(sample as never).params() as { Item: Record<string, Value> };
  const constants: Item = {};
  const fields: Field[] = [];
  for (const [name, value] of Object.entries(stored)) {
    const field = findAttribute(name, value, sample);
    if (field) fields.push(field);
    else constants[name] = toAttributeValue(value);
  }
  const found = new Set(fields.map((field) => field.attribute));
  const lost = Object.keys(sample).filter((attribute) => !found.has(attribute));
  if (lost.length > 0)
    throw new Error(`No field of the item holds ${lost.join(', ')} as it stands or behind a prefix`);

  return (row) => {
    // Begun from a copy of the constants, an object takes each further field twenty times slower.
    const item: Item = {};
    for (const { name, prefix, attribute } of fields) {
      const value = (row as Record<string, unknown>)[attribute];
      if (typeof value === 'string') item[name] = { S: prefix + value };
      else if (typeof value === 'number') item[name] = { N: String(value) };
      else if (value !== undefined) item[name] = { B: value as Uint8Array };
    }
    return Object.assign(item, constants);
  };
}

function findAttribute<Row extends object>(name: string, value: Value, sample: Row): Field | undefined {
  const attributes = Object.entries(sample) as [string, Value][];
  const whole = attributes.find(([, candidate]) => candidate === value);
  if (whole) return { name, prefix: '', attribute: whole[0] };
  if (typeof value !== 'string') return undefined;
  const tail = attributes.find(([, candidate]) => typeof candidate === 'string' && value.endsWith(candidate));
  return tail && { name, prefix: value.slice(0, -String(tail[1]).length), attribute: tail[0] };
}

function toAttributeValue(value: Value): AttributeValue {
  if (typeof value === 'string') return { S: value };
  return typeof value === 'number' ? { N: String(value) } : { B: value };
}
