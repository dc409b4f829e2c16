import { expect, test } from '@jest/globals';
import { createAttributeTable, MOST_COLUMNS } from '../../client/attribute-table.ts';
import type { Attributes, LogEntry } from '../../entities/entry.ts';
import { entry } from '../support/entries.ts';

const datetime = '2026-03-01T03:00:00Z';
const withAttributes = (attributes?: Attributes): LogEntry => {
  const { id, message, ...fixed } = entry({ id: 'a', datetime, severity: 'info', message: 'm' });
  return { ...fixed, id, message, attributes };
};

/** The rows of the table of these entries. */
function rowsOf(...entries: LogEntry[]): string[] {
  const table = createAttributeTable();
  table.add(entries);
  const { head, lineOf } = table.lines;
  return [head, ...entries.map(lineOf)].map((line) => line.replace(/\r\n$/, ''));
}

test('A table has a column for each attribute that any entry has, nested ones too', () => {
  expect(
    rowsOf(
      withAttributes({ service: { name: 'checkout' }, tags: ['a', 'b'] }),
      withAttributes(),
      withAttributes({ status: 500, 'service.name': 'payments' }),
    ),
  ).toEqual([
    'datetime,severity,id,message,service.name,tags,status',
    `${datetime},info,a,m,checkout,"[""a"",""b""]",`,
    `${datetime},info,a,m,,,`,
    `${datetime},info,a,m,payments,,500`,
  ]);
});

test('No cell of an attribute begins as a formula, and no two columns have one name', () => {
  expect(rowsOf(withAttributes({ message: '=1+1', id: 7 }))).toEqual([
    'datetime,severity,id,message,attributes.message,attributes.id',
    `${datetime},info,a,m,'=1+1,7`,
  ]);
});

test('Beyond the most columns, an entry with further attributes has all of its own as JSON', () => {
  const names = Array.from({ length: MOST_COLUMNS }, (_, index) => [`n${index}`, index]);
  const [head, first, second] = rowsOf(
    withAttributes(Object.fromEntries(names)),
    withAttributes({ last: 1 }),
  );
  expect(head?.split(',').slice(-2)).toEqual([`n${MOST_COLUMNS - 1}`, 'attributes']);
  expect(first?.split(',').slice(-2)).toEqual([`${MOST_COLUMNS - 1}`, '']);
  expect(second).toMatch(/,"{""last"":1}"$/);
});
