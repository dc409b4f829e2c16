import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { severityOfText } from '../../handlers/ingest/severity-of-text.ts';

const CONFIGURATIONS = [
  'examples/vector/vector.yaml',
  'examples/opentelemetry-collector/collector.yaml',
  'examples/logstash/logstash.conf',
];

/** The regular expressions of a configuration that find a level in a line, in the order in which they are tried. */
function levelExpressions(config: string): RegExp[] {
  const expressions = [...config.matchAll(/(?<=')(?:\(\?i\))?\S.*\(\?P?<level>.*(?=')/g)];
  return expressions.map(([expression]) => {
    const flags = expression.startsWith('(?i)') ? 'i' : '';
    return new RegExp(expression.replace(/^\(\?i\)/, '').replace('(?P<', '(?<'), flags);
  });
}

/** What the Collector maps to the names of its severities. Others pass a level on as it is. */
function mappingOf(path: string, config: string): Map<string, string> {
  if (!path.includes('collector')) return new Map();
  const { mapping } = parse(config).receivers.file_log.operators[0].severity;
  return new Map(
    Object.entries<string | string[]>(mapping).flatMap(([name, levels]) =>
      [levels].flat().map((level): [string, string] => [level, name]),
    ),
  );
}

describe.each(CONFIGURATIONS)('%s takes a level from its place in a line', (path) => {
  const config = readFileSync(path, 'utf8');
  const expressions = levelExpressions(config);
  const mapping = mappingOf(path, config);

  function severityOf(line: string): string {
    const found = expressions.map((expression) => expression.exec(line)).find(Boolean);
    const level = found?.groups?.level ?? 'none';
    return severityOfText(mapping.get(level.toLowerCase()) ?? level) ?? 'none';
  }

  test('with three expressions: marked, in capitals, with a name', () => {
    expect(expressions).toHaveLength(3);
  });

  test.each([
    ['error', 'ERROR foo'],
    ['error', 'Error: foo'],
    ['error', 'FATAL disk full'],
    ['error', 'panic: runtime error: index out of range'],
    ['warning', '[WARN] x'],
    ['warning', 'WARN  o.s.Foo : slow'],
    ['warning', 'warning: unused variable'],
    ['error', '2026-11-28 10:00:00,123 ERROR [main] c.Foo'],
    ['error', '10:00:00.123 [main] ERROR c.Foo -- down'],
    ['warning', '2026-11-28T10:00:00.123Z  WARN 1234 --- [main] o.s.Foo : slow'],
    ['warning', '2026-11-28T10:00:00.123+01:00 [SEVERE-pool] WARN slow'],
    ['error', '2026-11-28 10:00:00,123 - root - ERROR - foo'],
    ['error', '2026-11-28 10:00:00.123 | ERROR    | app:main:1 - foo'],
    ['error', '2026-11-28T10:00:00Z\terror\tmain.go:1\tfoo'],
    ['error', 'level=error msg="x"'],
    ['error', 'time="2026-11-28T10:00:00Z" level="error" msg="x"'],
    ['error', 'E1128 10:00:00.123456   1 main.go:1] foo'],
    ['warning', 'W1128 10:00:00.123456   1 main.go:1] foo'],
    ['error', 'E, [2026-11-28T10:00:00.123456 #12] ERROR -- : foo'],
    ['error', 'ERROR:root:foo'],
    ['warning', 'WARNING:root:foo'],
    ['error', '2026-11-28 10:00:00.123 UTC [12] ERROR:  relation "a" does not exist'],
    ['error', '2026-11-28 10:00:00.123 CET [12] app@db FATAL:  role does not exist'],
    ['error', '2026-11-28T10:00:00.123456Z 0 [ERROR] [MY-010123] [Server] foo'],
    ['error', '2026/11/28 10:00:00 [error] 31#31: *1 open() failed'],
    ['warning', '2026/11/28 10:00:00 [warn] 31#31: *1 buffered'],
    ['error', '2026/11/28 10:00:00 [crit] 31#31: *1 SSL'],
    ['error', '[Sat Nov 28 10:00:00.123456 2026] [core:error] [pid 1] foo'],
  ])('%s: %s', (severity, line) => {
    expect(severityOf(line)).toBe(severity);
  });

  test.each([
    'search criteria',
    '0 errors',
    'no warnings',
    'ERRORS 0',
    'error rate is 0.1 %',
    'critical path computed',
    'finished with 0 errors, 0 warnings',
    '2026-11-28 10:00:00 found 0 errors',
    '2026-11-28 10:00:00,123 INFO [main] c.Foo - ERROR pages: 0',
    '10:00:00.123 [main] INFO  c.Foo - warning: none',
    '[info] ERROR pages are cached',
    'level=info msg="error: none"',
    'I1128 10:00:00.123456   1 main.go:1] ERROR foo',
    '2026-11-28 10:00:00.123 UTC [12] LOG:  checkpoint complete, 0 errors',
    '192.168.0.1 - - [28/Nov/2026:10:00:00 +0000] "GET /error HTTP/1.1" 200 5',
  ])('neither a warning nor an error: %s', (line) => {
    expect(['none', 'info']).toContain(severityOf(line));
  });
});
