import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { Entity } from 'electrodb';
import fc from 'fast-check';
import { type DeadLetterRow, deadLetter, deadLetterItem } from '../../entities/dead-letter.ts';
import { compilePut } from '../../entities/electro.ts';
import { SEVERITIES } from '../../entities/entry.ts';
import { type LogBlockRow, logBlock, logBlockItem } from '../../entities/log-block.ts';
import { type LogDayRow, logDay, logDayItem } from '../../entities/log-day.ts';
import { type LogEntryRow, logEntry, logEntryItem } from '../../entities/log-entry.ts';
import { texts } from '../support/arbitraries.ts';

const text = texts.filter((value) => value !== '');
const expiresAt = fc.nat();

const ENTITIES = [
  {
    name: 'LogEntry',
    entity: logEntry(),
    toItem: logEntryItem,
    rows: fc.record<LogEntryRow>(
      {
        id: text,
        place: text,
        bucket: text,
        datetime: text,
        severity: fc.constantFrom(...SEVERITIES),
        message: texts,
        attributes: text,
        sender: text,
        expiresAt,
      },
      { requiredKeys: ['id', 'place', 'bucket', 'datetime', 'severity', 'message', 'expiresAt'] },
    ),
  },
  {
    name: 'LogDay',
    entity: logDay(),
    toItem: logDayItem,
    rows: fc.record<LogDayRow>({ catalogue: text, spread: text, expiresAt }),
  },
  {
    name: 'LogBlock',
    entity: logBlock(),
    toItem: logBlockItem,
    rows: fc.record<LogBlockRow>(
      {
        bucket: text,
        place: text,
        form: fc.nat(),
        packed: fc.uint8Array({ maxLength: 40 }),
        sender: text,
        expiresAt,
      },
      { requiredKeys: ['bucket', 'place', 'form', 'packed', 'expiresAt'] },
    ),
  },
  {
    name: 'DeadLetter',
    entity: deadLetter(),
    toItem: deadLetterItem,
    rows: fc.record<DeadLetterRow>(
      {
        digest: text,
        version: text,
        bucket: text,
        place: text,
        refusedAt: text,
        faults: text,
        raw: texts,
        sender: text,
        expiresAt,
      },
      { requiredKeys: ['digest', 'version', 'bucket', 'place', 'refusedAt', 'faults', 'raw', 'expiresAt'] },
    ),
  },
];

describe('A compiled put', () => {
  test.each(ENTITIES)('makes of any $name row the item that ElectroDB makes', ({ entity, toItem, rows }) => {
    const electro = entity as { put(row: object): { params(): { Item: object } } };
    fc.assert(
      fc.property(rows as fc.Arbitrary<object>, (row) => {
        expect(toItem(row as never)).toEqual(marshalled(electro.put(row).params().Item));
      }),
    );
  });

  test('is refused for an entity that changes an attribute when it stores it', () => {
    const shouting = new Entity(
      {
        model: { service: 'logs', entity: 'Shouting', version: '1' },
        attributes: {
          id: { type: 'string' },
          message: { type: 'string', set: (value?: string) => value?.toUpperCase() },
        },
        indexes: { byId: { pk: { field: 'pk', composite: ['id'] }, sk: { field: 'sk', composite: [] } } },
      },
      { table: 'logs' },
    );
    const sample = { id: 'of-id', message: 'of-message' };
    expect(() => compilePut(() => shouting, sample)(sample)).toThrow('message');
  });
});

/** An item of strings, numbers and bytes as DynamoDB's own client takes it. */
function marshalled(item: object): object {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? { S: value }
        : value instanceof Uint8Array
          ? { B: value }
          : { N: String(value) },
    ]),
  );
}

describe('A row', () => {
  test.each(ENTITIES)('of $name is read from its item as it was put', ({ entity, toItem, rows }) => {
    fc.assert(
      fc.property(rows as fc.Arbitrary<object>, (row) => {
        const { data } = entity.parse({ Items: [unmarshall(toItem(row as never))] });
        expect(data).toEqual([row]);
      }),
    );
  });
});
