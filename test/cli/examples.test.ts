import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EXAMPLES } from '../../cli/examples.ts';
import { run } from '../../cli/run.ts';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { openTerminal } from '../support/terminal.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
  await post(service.url, entry({ id: 'order-4711' }));
});
afterAll(() => service.close());

const examples = EXAMPLES.split('\n')
  .map((line) => /^ {2}(logs\b.*?)(?: {3,}.*)?$/.exec(line)?.[1] ?? '')
  .filter((command) => command !== '');

test('The help has examples', () => expect(examples.length).toBeGreaterThan(15));

test.each(examples)('The example of the help runs: %s', async (command) => {
  const [ended = ''] = command.split(/ [|>] /);
  const argv = [...ended.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, ...forms]) => forms.join(''));
  const isEndless = argv.includes('--follow') || argv.includes('--web');
  const signal = isEndless ? AbortSignal.timeout(500) : undefined;
  const terminal = openTerminal({ signal });
  const known = argv.slice(1).filter((word) => word !== '--url' && !word.startsWith('https://'));
  const port = argv.includes('--web') ? ['--port', '0'] : [];
  expect([await run([...known, '--url', service.url, ...port], terminal), terminal.err()]).toEqual([
    0,
    expect.not.stringContaining('logs:'),
  ]);
});
