import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeControls, escapeJson } from '../../cli/terminal-text.ts';
import { parseDuration, parsePointInTime } from '../../cli/time-argument.ts';

const NOW = Date.parse('2026-03-01T03:00:00Z');

describe('A duration', () => {
  test.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1.5d', 129_600_000],
    ['1w', 604_800_000],
    ['0s', 0],
  ])('%s is %i milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(['', '5', 'h', '-1h', '1 h', '1H', '1h30m', '1y', '.5h', '1e3s'])('%j is none', (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
  });
});

describe('A point in time', () => {
  test('is an instant as it was given, or so long ago', () => {
    expect(parsePointInTime('2h', NOW)).toBe('2026-03-01T01:00:00.000Z');
    expect(parsePointInTime('2023-11-15T13:05:00.123456789+01:00', NOW)).toBe(
      '2023-11-15T13:05:00.123456789+01:00',
    );
  });

  test.each(['yesterday', '2023-11-15', '2023-11-15T12:05:00', '2023-02-30T00:00:00Z', '9999999w'])(
    '%j is none, and the message says how to write one',
    (text) => {
      expect(() => parsePointInTime(text, NOW)).toThrow(RangeError);
    },
  );
});

describe('Hostile text', () => {
  const hostile = fc.string({
    unit: fc.oneof(
      fc.nat({ max: 0xa0 }).map((code) => String.fromCharCode(code)),
      fc.constantFrom('\u202e', '\u2066', '\u2028', '\ud800', '\u{1F600}', 'é'),
    ),
  });

  test('keeps no control character but tab and newline', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = escapeControls(text);
        expect(shown.replaceAll(/[\t\n]/g, '')).not.toMatch(/\p{Cc}|[\u2028\u202e\u2066]/u);
        expect(shown.isWellFormed()).toBe(true);
      }),
    );
  });

  test('stays the same value as JSON', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const json = escapeJson(JSON.stringify({ text }));
        expect(json).not.toMatch(/\p{Cc}|[\u2028\u202e\u2066]/u);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});
