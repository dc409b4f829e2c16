import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import { invoke } from '../support/gateway.ts';
import { get } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { logEvent, subscriptionEvent } from '../support/subscription.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const REQUEST = '8f507cfc-4abc-4e8f-b3c5-6e2d0c2f1a7e';
const TIMESTAMP = Date.UTC(2026, 10, 28, 10, 14, 10, 960);

/** The entry that a line of a log group becomes. */
async function stored(message: string): Promise<LogEntry | undefined> {
  const { id, ...event } = logEvent(message, TIMESTAMP);
  await invoke(service.ingest, subscriptionEvent([{ id, ...event }]));
  const second = 'from=2026-11-28T10:14:10Z&to=2026-11-28T10:14:11Z';
  return (await get(service.url, `/logs?limit=1000&${second}`)).find((entry) => entry.id.startsWith(id));
}

const nodeLine = (level: string, text: string) => `2026-11-28T10:14:10.960Z\t${REQUEST}\t${level}\t${text}\n`;
const pythonLine = (level: string, text: string) =>
  `[${level}]\t2026-11-28T10:14:10.96Z\t${REQUEST}\t${text}\n`;
const TRACEBACK = 'Traceback (most recent call last):\n  File "/var/task/app.py", line 3, in handler\n';

describe('A line of AWS Lambda is', () => {
  test.each([
    // The level column of the runtimes.
    ['error', nodeLine('ERROR', 'card declined')],
    ['error', nodeLine('FATAL', 'down')],
    ['error', nodeLine('fail', 'of .NET')],
    ['warning', `2026-11-28T10:14:10.960Z ${REQUEST} WARN  App - of Java`],
    ['error', nodeLine('ERROR', 'Invoke Error \t{"errorType":"TypeError","errorMessage":"card declined"}')],
    [
      'error',
      '2026-11-28T10:14:10.960Z\tundefined\tERROR\tUncaught Exception \t{"errorType":"Runtime.ImportModuleError"}',
    ],
    ['warning', nodeLine('WARN', 'finished with 0 errors')],
    ['info', nodeLine('INFO', 'finished with 0 errors')],
    ['info', nodeLine('DEBUG', 'ERROR is the level of this line? No')],
    ['error', pythonLine('ERROR', `charge failed\n${TRACEBACK}`)],
    ['error', pythonLine('CRITICAL', 'down')],
    ['error', `[ERROR] ValueError: card declined\n${TRACEBACK}`],
    ['error', `[ERROR] Runtime.ImportModuleError: Unable to import module 'app'\n${TRACEBACK}`],
    ['warning', pythonLine('WARNING', 'slow')],
    ['info', pythonLine('INFO', 'finished with 0 errors')],
    // The lines of the platform.
    ['error', `2026-11-28T10:14:10.960Z ${REQUEST} Task timed out after 3.00 seconds\n\n`],
    ['error', 'Task timed out after 3.00 seconds'],
    ['error', `RequestId: ${REQUEST} Process exited before completing request\n\n`],
    ['error', 'Process exited before completing request'],
    ['error', `RequestId: ${REQUEST} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n`],
    ['error', `RequestId: ${REQUEST} Error: Runtime exited with error: exit status 1\nRuntime.ExitError\n`],
    ['error', 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
    ['error', 'java.lang.OutOfMemoryError: Java heap space'],
    ['error', `Unable to import module 'app': No module named 'requests'`],
    [
      'info',
      'INIT_START Runtime Version: nodejs:20.v40\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:0',
    ],
    ['info', `START RequestId: ${REQUEST} Version: $LATEST\n`],
    ['info', `END RequestId: ${REQUEST}\n`],
    [
      'info',
      `REPORT RequestId: ${REQUEST}\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\t\n`,
    ],
    // Headers of stack traces.
    ['error', 'Traceback (most recent call last)'],
    ['error', TRACEBACK],
    [
      'error',
      'Exception in thread "main" java.lang.IllegalStateException: card declined\n\tat App.main(App.java:9)',
    ],
    // JSON is read like any record.
    ['info', '{"level":"INFO","errorCount":0}'],
    ['error', '{"level":50}'],
    ['error', '{"level":50,"time":1795860850960,"pid":8,"hostname":"web-1","msg":"charge failed"}\n'],
    ['warning', '{"timestamp":"2026-11-28T10:14:10.960Z","level":"WARN","requestId":"8","message":"slow"}'],
    // Nothing else is searched for words.
    ['info', 'INFO finished with 0 errors'],
    ['info', 'Loading function'],
    ['info', '0 errors, 0 warnings'],
    ['info', `2026-11-28T10:14:10.960Z ${REQUEST} A failed job was removed`],
    ['info', `2026-11-28T10:14:10.960Z ${REQUEST} Alert is sent`],
    ['info', 'GET /errors/fatal 200'],
    ['info', 'the user said: Task timed out after 3.00 seconds'],
  ])('%s: %j', async (severity, line) => {
    const entry = await stored(line);
    expect(entry).toMatchObject({
      datetime: '2026-11-28T10:14:10.960Z',
      severity,
      attributes: { log_group: '/aws/lambda/checkout', log_stream: '2026/11/28/[$LATEST]8f50' },
    });
    if (!line.startsWith('{')) expect(entry?.message).toBe(line);
  });

  test('JSON: its text is the message, its members are attributes, and the time is that of the log event', async () => {
    const line = { time: '2026-11-28T09:00:00.123456Z', level: 'ERROR', message: 'failed', order: { id: 7 } };
    expect(await stored(JSON.stringify(line))).toEqual({
      id: expect.stringMatching(/^\d{56}-[\w-]{11}$/),
      datetime: '2026-11-28T10:14:10.960Z',
      severity: 'error',
      message: 'failed',
      attributes: {
        log_group: '/aws/lambda/checkout',
        log_stream: '2026/11/28/[$LATEST]8f50',
        time: '2026-11-28T09:00:00.123456Z',
        order: { id: 7 },
      },
    });
  });

  test.each([
    ['info', 'platform.initStart', { initializationType: 'on-demand', phase: 'init' }],
    ['info', 'platform.start', { requestId: REQUEST, version: '$LATEST' }],
    ['info', 'platform.runtimeDone', { requestId: REQUEST, status: 'success' }],
    ['error', 'platform.report', { requestId: REQUEST, status: 'timeout', metrics: { durationMs: 3000 } }],
    ['error', 'platform.initReport', { status: 'error', errorType: 'Runtime.ExitError' }],
  ])('%s: JSON of the platform, %s %j', async (severity, type, record) => {
    const line = JSON.stringify({ time: '2026-11-28T10:14:10.960Z', type, record });
    expect(await stored(line)).toMatchObject({ severity, attributes: { type } });
  });
});
