import { describe, expect, test } from '@jest/globals';
import { Entity } from 'electrodb';
import fc from 'fast-check';
import { compilePut } from '../../entities/compile-put.ts';
import { createDeadLetterEntity, type DeadLetterRow } from '../../entities/dead-letter.ts';
import { SEVERITIES } from '../../entities/entry.ts';
import { createLogBlockEntity, type LogBlockRow } from '../../entities/log-block.ts';
import { createLogDayEntity, type LogDayRow } from '../../entities/log-day.ts';
import { createLogEntryEntity, type LogEntryRow } from '../../entities/log-entry.ts';
import { texts } from '../support/arbitraries.ts';

const TABLE = { table: 'logs' };
const text = texts.filter((value) => value !== '');
const expiresAt = fc.nat();

const ENTITIES = [
  {
    name: 'LogEntry',
    entity: createLogEntryEntity(TABLE),
    rows: fc.record<LogEntryRow>(
      {
        pk: text,
        position: text,
        bucket: text,
        severityBucket: text,
        datetime: text,
        severity: fc.constantFrom(...SEVERITIES),
        message: texts,
        attributes: text,
        expiresAt,
      },
      { requiredKeys: ['pk', 'position', 'bucket', 'datetime', 'severity', 'message', 'expiresAt'] },
    ),
    sample: {
      pk: 'of-pk',
      position: 'of-position',
      bucket: 'of-bucket',
      severityBucket: 'of-severity',
      datetime: 'of-datetime',
      severity: 'error',
      message: 'of-message',
      attributes: 'of-attributes',
      expiresAt: 7,
    },
  },
  {
    name: 'LogDay',
    entity: createLogDayEntity(TABLE),
    rows: fc.record<LogDayRow>({ pk: text, spread: text, expiresAt }),
    sample: { pk: 'of-pk', spread: 'of-spread', expiresAt: 7 },
  },
  {
    name: 'LogBlock',
    entity: createLogBlockEntity(TABLE),
    rows: fc.record<LogBlockRow>({
      pk: text,
      position: text,
      form: fc.nat(),
      packed: fc.uint8Array({ maxLength: 40 }),
      expiresAt,
    }),
    sample: { pk: 'of-pk', position: 'of-position', form: 6, packed: new Uint8Array(1), expiresAt: 7 },
  },
  {
    name: 'DeadLetter',
    entity: createDeadLetterEntity(TABLE),
    rows: fc.record<DeadLetterRow>({
      pk: text,
      version: text,
      bucket: text,
      position: text,
      refusedAt: text,
      faults: text,
      raw: texts,
      expiresAt,
    }),
    sample: {
      pk: 'of-pk',
      version: 'of-version',
      bucket: 'of-bucket',
      position: 'of-position',
      refusedAt: 'of-refused-at',
      faults: 'of-faults',
      raw: 'of-raw',
      expiresAt: 7,
    },
  },
];

describe('A compiled put', () => {
  test.each(ENTITIES)('makes of any $name row the item that ElectroDB makes', ({ entity, rows, sample }) => {
    const toItem = compilePut<object>(entity, sample);
    const electro = entity as { put(row: object): { params(): { Item: object } } };
    fc.assert(
      fc.property(rows as fc.Arbitrary<object>, (row) => {
        expect(toItem(row)).toEqual(marshalled(electro.put(row).params().Item));
      }),
    );
  });

  test('is refused for an entity that stores an attribute in a way of its own', () => {
    const shouting = new Entity(
      {
        model: { service: 'logs', entity: 'Shouting', version: '1' },
        attributes: {
          id: { type: 'string' },
          message: { type: 'string', set: (value?: string) => value?.toUpperCase() },
        },
        indexes: { byId: { pk: { field: 'pk', composite: ['id'] }, sk: { field: 'sk', composite: [] } } },
      },
      TABLE,
    );
    expect(() => compilePut(shouting, { id: 'of-id', message: 'of-message' })).toThrow('message');
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
