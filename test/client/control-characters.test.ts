import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeControls, escapeJson } from '../../client/control-characters.ts';

describe('Hostile text', () => {
  const hostile = fc.string({
    unit: fc.oneof(
      fc.nat({ max: 0xa0 }).map((code) => String.fromCharCode(code)),
      fc.constantFrom('\u202e', '\u2066', '\u2028', '\ud800', '\u{1F600}', 'é'),
    ),
  });

  test('is shown without control characters except tab and newline', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = escapeControls(text);
        expect(shown.replaceAll(/[\t\n]/g, '')).not.toMatch(/\p{Cc}|[\u2028\u202e\u2066]/u);
        expect(shown.isWellFormed()).toBe(true);
      }),
    );
  });

  test('as JSON is free of control characters and has the same value', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const json = escapeJson(JSON.stringify({ text }));
        expect(json).not.toMatch(/\p{Cc}|[\u2028\u202e\u2066]/u);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});
