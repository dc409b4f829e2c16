import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { RAW_TEXT_LIMIT } from '../../entities/dead-letter.ts';
import { LARGEST_PAGE } from '../../entities/entry.ts';
import { InvalidInstantError } from '../../entities/instant.ts';
import { PAGE_BUDGET } from '../../entities/read/how-much.ts';
import { readTime } from '../../handlers/ingest/loggers/read-time.ts';
import * as limits from '../../handlers/limits.ts';
import { countQuerySchema, entryQuerySchema } from '../../handlers/retrieval/query-parameters.ts';
import { ROUTES } from '../../handlers/routes.ts';
import { readSettings } from '../../handlers/settings.ts';

const DOCUMENTS = ['.', 'docs', 'bench'].flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
);
const FOLDERS =
  /^(entities|handlers|openapi|stacks|client|cli|page|local|bench|test|docs|examples|\.github)\//;

const read = (path: string) => readFileSync(path, 'utf8');
const [readme, http, shippers] = ['README.md', 'docs/http.md', 'docs/shippers.md'].map(read);

/** Prose without blocks of code and of Mermaid. */
const proseOf = (markdown: string) => markdown.replaceAll(/^( *)```[\s\S]*?^ *```$/gm, '');

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

describe.each(DOCUMENTS)('%s', (path) => {
  const markdown = read(path);

  test('links to files and headings that exist', () => {
    for (const [, target = ''] of proseOf(markdown).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [file = '', anchor] = target.split('#');
      const linked = file === '' ? path : join(dirname(path), file);
      expect({ target, exists: existsSync(linked) }).toEqual({ target, exists: true });
      if (anchor === undefined) continue;
      const headings = [...proseOf(read(linked)).matchAll(/^#+ (.+)$/gm)];
      expect(headings.map(([, heading = '']) => anchorOf(heading))).toContain(anchor);
    }
  });

  test('names files of the repository that exist', () => {
    const named = [...proseOf(markdown).matchAll(/`([\w./-]+)`/g)].map(([, name = '']) => name);
    for (const name of named.filter((name) => FOLDERS.test(name)))
      expect({ name, exists: existsSync(name) }).toEqual({ name, exists: true });
  });

  test('names scripts that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json'));
    for (const [, script = ''] of markdown.matchAll(/npm run (?:--silent )?([\w:-]+)/g))
      expect(Object.keys(scripts)).toContain(script);
  });
});

describe('The README', () => {
  test('has 900 to 1,200 words', () => {
    const words = readme?.split(/\s+/).filter((word) => word !== '').length;
    expect(words).toBeGreaterThanOrEqual(900);
    expect(words).toBeLessThanOrEqual(1_200);
  });

  test('gives no setting but the stage on the command line', () => {
    expect(readme).not.toMatch(/-c (?!stage=)\w+=/);
  });

  test.each([
    `${megabytes(limits.WIRE_LIMIT_BYTES)} on the wire`,
    `${mebibytes(limits.UNPACKED_LIMIT_BYTES)} unpacked`,
    `${grouped(limits.ENTRIES_LIMIT)} entries`,
    `a message of ${kibibytes(limits.MESSAGE_LIMIT_BYTES)}`,
    `${grouped(limits.ENTRY_LIMIT_BYTES)} bytes with its attributes`,
    `an id of ${limits.ID_LIMIT_BYTES} bytes`,
    `${grouped(LARGEST_PAGE)} at most`,
    `${readSettings({ TABLE_NAME: 'logs' }).retentionDays} by default, counted from ingestion`,
  ])('knows a limit of the code: %s', (fact) => {
    expect(readme).toContain(fact);
  });
});

describe('The times that loggers write', () => {
  const [, section = ''] = /^## Times in POST \/v1\/json$([\s\S]*?)^## /m.exec(http ?? '') ?? [];
  const [read = '', refused = ''] = section.split('These are refused');
  const examplesIn = (table: string, column: number) =>
    [...table.matchAll(/^\| .*\d.*$/gm)].flatMap(([row]) =>
      [...(row.split(' | ')[column] ?? '').matchAll(/`([^`]+)`/g)].map(([, example = '']) => example),
    );

  test.each(examplesIn(read, 1))('include %s', (example) => {
    expect(readTime(example.startsWith('{') ? JSON.parse(example) : example)).toMatch(/^2026-11-28T10:00/);
  });

  test.each(examplesIn(refused, 0))('do not include %s', (example) => {
    expect(() => readTime(example)).toThrow(InvalidInstantError);
  });
});

describe('The HTTP contract', () => {
  test.each(ROUTES.map(({ method, resource }) => `${method} ${resource}`))('describes %s', (route) => {
    expect(http).toContain(`[\`${route}\`]`);
  });

  test('has a row for each parameter', () => {
    const { attributes, excludedAttributes, ...parameters } = {
      ...entryQuerySchema.shape,
      ...countQuerySchema.shape,
    };
    expect([attributes, excludedAttributes]).not.toContain(undefined);
    const names = [...Object.keys(parameters), 'attributes[name]', 'excludedAttributes[name]'];
    const rows = http?.split('\n').filter((line) => line.startsWith('| `')) ?? [];
    for (const name of names)
      expect(rows.some((row) => row.split('|')[1]?.includes(`\`${name}\``))).toBe(true);
  });

  test.each([
    `1 to ${limits.ID_LIMIT_BYTES} bytes of UTF-8`,
    `at most ${limits.FUTURE_LIMIT_MS / 3_600_000} hours in the future`,
    `up to ${kibibytes(limits.MESSAGE_LIMIT_BYTES)} of UTF-8`,
    `up to ${grouped(limits.ENTRY_LIMIT_BYTES)} bytes together with the message, and ${limits.ATTRIBUTES_LIMIT_DEPTH} levels`,
    `keys of up to ${limits.ATTRIBUTE_KEY_LIMIT_BYTES} bytes`,
    `Over ${megabytes(limits.WIRE_LIMIT_BYTES)} on the wire, ${mebibytes(limits.UNPACKED_LIMIT_BYTES)} unpacked, or ${grouped(limits.ENTRIES_LIMIT)} entries`,
    `within ${limits.WRITE_BUDGET_MS / 1_000} seconds`,
    `the first ${grouped(limits.LISTED_REFUSALS_LIMIT)} refusals`,
    `1 to ${grouped(LARGEST_PAGE)}, by default`,
    `up to ${grouped(RAW_TEXT_LIMIT)} characters`,
    `looked at ${grouped(PAGE_BUDGET.rows)} entries or taken ${PAGE_BUDGET.milliseconds / 1_000} seconds`,
  ])('knows a limit of the code: %s', (fact) => {
    expect(http).toContain(fact);
  });
});

test('The README and the page on scale name the same prices', () => {
  const cells = (row: string) => row.split('|').map((cell) => cell.trim().replaceAll('*', ''));
  const rows = (markdown = '') =>
    markdown.split('\n').filter((line) => line.includes('$') && line.startsWith('|'));
  const scale = rows(read('docs/scale.md'));
  for (const name of ['this service', 'packing', 'CloudWatch Logs', 'VictoriaLogs', 'Loki']) {
    const [, , ...prices] = cells(rows(readme).find((row) => cells(row)[1]?.includes(name)) ?? '');
    const computed = cells(scale.find((row) => cells(row)[1]?.includes(name)) ?? '');
    expect(prices.slice(0, 3)).toEqual(computed.slice(3, 6));
  }
});

test('The deployment guide names the one file that makes tracers', () => {
  const files = readdirSync('handlers', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('handlers', file));
  const [maker, ...more] = files.filter((file) => read(file).includes('new Tracer('));
  expect(more).toEqual([]);
  expect(read('docs/deploy.md')).toContain(`\`${maker}\` makes the logger, the metrics and the tracer`);
});

test('The shipper guide knows the limits of a request', () => {
  expect(shippers).toContain(
    `A request may have ${megabytes(limits.WIRE_LIMIT_BYTES)} on the wire, ${mebibytes(limits.UNPACKED_LIMIT_BYTES)} when unpacked, ${grouped(limits.ENTRIES_LIMIT)} entries, and ${mebibytes(limits.RECORD_LIMIT_BYTES)} per record.`,
  );
});

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function kibibytes(bytes: number): string {
  return `${bytes / 1_024} KiB`;
}

function mebibytes(bytes: number): string {
  return `${bytes / 1_024 ** 2} MiB`;
}

function megabytes(bytes: number): string {
  return `${bytes / 1e6} MB`;
}
