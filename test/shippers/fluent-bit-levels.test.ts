import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { parse } from 'yaml';
import { whereInstalled } from '../support/programs.ts';

const SCRIPT = 'examples/fluent-bit/to-record.lua';

/** What the Lua of Fluent Bit's configurations finds in each line. */
function levelsOf(lines: string[]): string[] {
  const code = `dofile("${SCRIPT}") for line in io.lines() do print(level_of(line) or "none") end`;
  const input = `${lines.join('\n')}\n`;
  return execFileSync('luajit', ['-e', code], { input, encoding: 'utf8' }).trim().split('\n');
}

const TIMES = [
  '2023-11-15T12:05:00.123Z',
  '2023-11-15 12:05:00,123',
  '12:05:00.123',
  '[2023-11-15 12:05:00 +0000]',
];
const PLACES: ((level: string) => string)[] = [
  (level) => `${level} x`,
  (level) => `${level}: x`,
  (level) => `[${level}] x`,
  ...TIMES.flatMap((time) => [
    (level: string) => `${time} ${level} x`,
    (level: string) => `${time} [${level}] x`,
    (level: string) => `${time} [main] ${level} c.Foo - x`,
    (level: string) => `${time} 4711 ${level} x`,
    (level: string) => `${time} | ${level}    | x`,
    (level: string) => `${time} - app.db - ${level} - x`,
  ]),
];
const SEVERITIES = {
  ERROR: 'error',
  FATAL: 'error',
  CRIT: 'error',
  WARN: 'warning',
  WARNING: 'warning',
  INFO: 'info',
};

whereInstalled('luajit')('Fluent Bit finds a level at each place where one stands', () => {
  const cases = Object.entries(SEVERITIES).flatMap(([level, severity]) =>
    PLACES.map((place) => ({ line: place(level), severity })),
  );
  const found = levelsOf(cases.map(({ line }) => line));
  expect(cases.map(({ line }, at) => ({ line, severity: found[at] }))).toEqual(cases);
});

whereInstalled('luajit')('Fluent Bit finds no level in the words of a text', () => {
  const texts = [
    'search criteria: CRIT',
    '0 errors',
    '0 ERROR found',
    'error rate is 0',
    'found 3 ERROR lines',
    'done [ERROR]',
  ];
  const lines = ['', ...TIMES.map((time) => `${time} `)].flatMap((start) =>
    texts.map((text) => start + text),
  );
  const found = levelsOf(lines);
  expect(lines.filter((_, at) => found[at] !== 'none')).toEqual([]);
});

whereInstalled('luajit')('The Helm values hold the same Lua', () => {
  const { luaScripts } = parse(readFileSync('examples/fluent-bit/kubernetes/values.yaml', 'utf8'));
  expect(luaScripts['to-record.lua']).toBe(readFileSync(SCRIPT, 'utf8'));
});
