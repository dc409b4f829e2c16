import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attributesOf, attributeText } from '../../client/attribute-values.ts';
import { createFieldCounts } from '../../client/field-counts.ts';
import { entriesIn } from '../../client/log-client.ts';
import { matchAttributes } from '../../entities/matches.ts';
import { attributes, RUNS } from '../support/arbitraries.ts';
import { entry } from '../support/entries.ts';

describe('The fields of entries', () => {
  test('are counted with their most frequent values, over pages', () => {
    const counts = createFieldCounts();
    counts.add([
      entry({ attributes: { service: { name: 'cart' }, status: 500, tags: ['a', 'b'] } }),
      entry({ attributes: { service: { name: 'cart' }, status: 200 } }),
      entry({}),
    ]);
    counts.add([entry({ attributes: { 'service.name': 'auth', status: 500, empty: {} } })]);
    expect(counts.fields(1)).toEqual([
      { name: 'service.name', entries: 3, distinct: 2, top: [{ text: 'cart', count: 2 }] },
      { name: 'status', entries: 3, distinct: 2, top: [{ text: '500', count: 2 }] },
      { name: 'empty', entries: 1, distinct: 1, top: [{ text: '{}', count: 1 }] },
      { name: 'tags', entries: 1, distinct: 1, top: [{ text: '["a","b"]', count: 1 }] },
    ]);
  });

  test('are also the members of a message that is a JSON object', () => {
    const message = '{"n": 12345678901234567890, "log": {"level": "warn"}}';
    const both = entry({ message, attributes: { n: 1 } });
    expect(attributesOf(both)).toEqual([
      { name: 'n', text: '1' },
      { name: 'n', text: '12345678901234567890' },
      { name: 'log.level', text: 'warn' },
    ]);
    expect(attributeText(both, 'log.level')).toBe('warn');
    for (const other of ['{no JSON', '[{"n":1}]', `{"a":${'['.repeat(9_000)}${']'.repeat(9_000)}}`])
      expect(attributesOf(entry({ message: other }))).toEqual([]);
  });

  test('count an entry once that has two values under a name', () => {
    const counts = createFieldCounts();
    counts.add([entry({ attributes: { a: { b: 1 }, 'a.b': 2 } })]);
    expect(counts.fields(2)).toEqual([
      {
        name: 'a.b',
        entries: 1,
        distinct: 2,
        top: [
          { text: '1', count: 1 },
          { text: '2', count: 1 },
        ],
      },
    ]);
  });

  test('have the top of their values in order, as sorting all of them gives', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), fc.integer({ min: 1, max: 5 }), (values, most) => {
        const counts = createFieldCounts();
        counts.add(values.map((value) => entry({ attributes: { value } })));
        const sorted = [...new Set(values)]
          .map((value) => ({ text: String(value), count: values.filter((one) => one === value).length }))
          .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
        expect(counts.fields(most)[0]?.top ?? []).toEqual(sorted.slice(0, most));
      }),
      { numRuns: 200 * RUNS },
    );
  });

  test('keep all digits of a number', () => {
    const { attributes: _, ...fields } = entry({});
    const body = `[${JSON.stringify(fields).slice(0, -1)},"attributes":{"n":12345678901234567890}}]`;
    const read = entriesIn(body)?.entries[0] ?? entry({});
    expect(attributesOf(read)).toEqual([{ name: 'n', text: '12345678901234567890' }]);
    expect(attributeText(read, 'n')).toBe('12345678901234567890');
  });

  test('are found by the filters that they make', () => {
    fc.assert(
      fc.property(attributes, (value) => {
        const json = JSON.stringify(value);
        for (const filter of attributesOf(entry({ attributes: JSON.parse(json) })))
          expect(matchAttributes(json, [filter])).toBe(true);
      }),
      { numRuns: 300 * RUNS },
    );
  });

  test('each have a value under their name', () => {
    fc.assert(
      fc.property(attributes, (value) => {
        const one = entry({ attributes: JSON.parse(JSON.stringify(value)) });
        const fields = attributesOf(one);
        for (const { name } of fields)
          expect(fields).toContainEqual({ name, text: attributeText(one, name) });
        expect(attributeText(one, 'no such name')).toBeUndefined();
      }),
      { numRuns: 300 * RUNS },
    );
  });
});
