import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csv, ndjson } from '../../client/entry-lines.ts';
import { entry } from '../support/entries.ts';

describe('Entries for other programs', () => {
  test('are one JSON object a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        const given = entry({ message });
        const line = ndjson.lineOf(given);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(JSON.parse(line)).toEqual(given);
      }),
    );
  });

  test('are rows of a table, whose cells no spreadsheet runs as a formula', () => {
    const text = fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ',', '"', 'a', ' '),
    });
    fc.assert(
      fc.property(text, text, (id, message) => {
        const attributes = { [id]: message };
        const cells = cellsOf(csv.lineOf(entry({ id, message, attributes }))).slice(2);
        expect(JSON.parse(cells[2] ?? '')).toEqual(attributes);
        for (const [index, sent] of [id, message].entries()) {
          expect(cells[index]).not.toMatch(/^[=+\-@\t\r]/);
          expect([sent, `'${sent}`]).toContain(cells[index]);
        }
      }),
    );
  });
});

/** The cells of one row, read as RFC 4180 says. */
function cellsOf(line: string): string[] {
  const cells = line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g);
  return [...cells].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}
