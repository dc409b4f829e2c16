import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { layOutJson } from '../../page/pretty-json.ts';

describe('JSON laid out', () => {
  test('is the same JSON, and each plain member leads to its value', () => {
    fc.assert(
      fc.property(fc.oneof(fc.object(), fc.array(fc.object())), fc.nat({ max: 2 }), (value, space) => {
        const json = JSON.stringify(value, null, space);
        const parsed = JSON.parse(json);
        const lines = layOutJson(json) ?? [];
        expect(JSON.parse(lines.map(({ text }) => text).join('\n'))).toEqual(parsed);
        for (const { member, path, value: text } of lines) {
          if (member !== undefined) expect(json).toContain(member);
          if (path === undefined) continue;
          const found = path.reduce((inner, key) => inner[key], parsed);
          expect(text).toBe(typeof found === 'string' ? found : JSON.stringify(found));
        }
      }),
    );
  });

  test('shows a text of several lines as lines, and leads to the text as it is', () => {
    const value = { trace: 'Error: "x"\n\tat a.js', list: ['one\ntwo', 'end\n'], deep: { trace: 'a\r\nb' } };
    const lines = layOutJson(JSON.stringify(value)) ?? [];
    expect(lines.map(({ text }) => text)).toEqual([
      '{',
      '  "trace": "Error: "x"\n\tat a.js",',
      '  "list": [',
      '    "one\ntwo",',
      '    "end\\n"',
      '  ],',
      '  "deep": {',
      '    "trace": "a\r\nb"',
      '  }',
      '}',
    ]);
    expect(lines.flatMap(({ path, value: text }) => (path ? [[path.join('.'), text]] : []))).toEqual([
      ['trace', value.trace],
      ['deep.trace', value.deep.trace],
    ]);
  });

  test('has a path for no member of a list', () => {
    const lines = layOutJson('{"a":[{"b":1}],"c":{"d":"e"}}');
    expect(lines?.map(({ path }) => path).filter(Boolean)).toEqual([['c', 'd']]);
    expect(lines?.map(({ member }) => member).filter(Boolean)).toEqual(['"b":1', '"d":"e"']);
  });

  test.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])('is not indented by hundreds of thousands of levels of %s', (open, close) => {
    const nested = (levels: number) => `${open.repeat(levels)}[]${close.repeat(levels)}`;
    expect(layOutJson(nested(99))).toHaveLength(199);
    expect(layOutJson(nested(120_000))).toBeUndefined();
  });

  test('says where a long object or array inside may be folded, and how many items it has', () => {
    const items = Array.from({ length: 50 }, (_, id) => ({ id, tags: [] }));
    const lines = layOutJson(JSON.stringify({ items, few: [1, 2] })) ?? [];
    expect(lines.map(({ fold }) => fold).filter(Boolean)).toEqual([{ end: 202, items: 50 }]);
    expect([lines[1]?.text, lines[202]?.text]).toEqual(['  "items": [', '  ],']);
    expect(layOutJson(JSON.stringify(items))?.some(({ fold }) => fold)).toBe(false);
  });

  test.each(['plain', '"text"', '{"cut":', '12', '[1] tail'])('leaves %s as it is', (text) => {
    expect(layOutJson(text)).toBeUndefined();
  });
});
