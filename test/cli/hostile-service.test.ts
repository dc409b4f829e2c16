import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { run } from '../../cli/run.ts';
import { entry } from '../support/entries.ts';
import { type RecordingServer, startRecordingServer } from '../support/recording-server.ts';
import { openTerminal } from '../support/terminal.ts';

interface Answer {
  status: number;
  body: string;
  link: string;
}

const OSC = '\u001b]0;owned\u0007';
/** What may be written: bold, dim, italic, underlined, struck through, and six colours. */
const COLOURS = new RegExp(
  `${String.fromCharCode(27)}\\[(?:0|(?:[12349]|3[1-6])(?:;(?:[12349]|3[1-6]))*)m`,
  'g',
);
const CONTROLS = /(?![\n\t])[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;
const FORMS = [
  [],
  ['--local'],
  ['--output', 'json'],
  ['--output', 'csv'],
  ['--follow'],
  ['some-id'],
  ['some-id', '--json'],
];

let server: RecordingServer;
let answer: Answer;
beforeAll(async () => {
  server = await startRecordingServer((_request, response) => {
    const isFirst = server.requests.length === 1;
    const { status, body, link } = isFirst ? answer : { status: 200, body: '[]', link: '' };
    response.statusMessage = '\u009b2JOh\u009d0;owned\u009c';
    response.writeHead(status, { ...(link && { link }), 'content-type': 'application/json' }).end(body);
  });
});
afterAll(() => server.close());

describe('A service that cannot be trusted', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(
        '\u001b',
        '\u001b[31m',
        '\u001b[8;40m',
        ']0;',
        '\u0007',
        '\u009b',
        '[2J',
        '\r',
        '\n',
        '\u202e',
        'a',
        '\u007f',
      ),
    }),
  );
  const anything = fc.oneof(text, fc.jsonValue(), fc.constantFrom(null, [], {}, 1));
  const datetime = fc.constantFrom('2026-02-30T00:00:00Z', '9999-12-31T23:59:60Z', '0000-01-01T00:00:00Z');
  const hostileEntry = fc.record(
    {
      id: fc.oneof(text, anything),
      datetime: fc.oneof(fc.constant('2026-11-28T09:15:02Z'), datetime, anything),
      severity: fc.oneof(fc.constantFrom('info', 'warning', 'error'), anything),
      message: fc.oneof(text, anything),
      attributes: fc.oneof(fc.dictionary(text, anything), anything),
    },
    { requiredKeys: [] },
  );
  const plainEntry = fc.record({
    id: text,
    datetime: fc.constant('2026-11-28T09:15:02Z'),
    severity: fc.constantFrom('info', 'warning', 'error'),
    message: text,
    attributes: fc.dictionary(text, fc.jsonValue()),
  });
  const problem = fc.record({ title: anything, detail: anything, message: anything }, { requiredKeys: [] });
  const json = fc
    .oneof(fc.array(plainEntry), fc.array(hostileEntry), hostileEntry, problem, fc.jsonValue())
    .map((value) => JSON.stringify(value));
  const spaced = fc.array(plainEntry).map((value) => JSON.stringify(value, undefined, '\r\n\t'));
  const answers: fc.Arbitrary<Answer> = fc.record({
    status: fc.constantFrom(200, 200, 200, 302, 400, 403, 404),
    body: fc.oneof(json, spaced, text),
    link: fc.constantFrom('', '<http://[>; rel="next"', '</\u009b2J?\u009b>; rel="next"', '<x:y>; rel=next'),
  });

  test('never controls the terminal, and never ends the command with a stack trace', async () => {
    await fc.assert(
      fc.asyncProperty(answers, fc.constantFrom(...FORMS), fc.boolean(), async (given, form, colours) => {
        const { code, out, err } = await ask(given, form, colours);
        expect(out.replace(COLOURS, '').replaceAll('\r\n', '\n')).not.toMatch(CONTROLS);
        expect(err).not.toMatch(CONTROLS);
        expect(err).not.toMatch(/^ +at /m);
        expect(err.split('\n').length).toBeLessThanOrEqual(3);
        expect([0, 1]).toContain(code);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['a severity that is none', [{ ...entry(), severity: OSC }]],
    ['a datetime that is none', [{ ...entry(), datetime: '2026-02-30T00:00:00Z' }]],
    ['attributes that are no object', [{ ...entry(), attributes: [1] }]],
    ['a text in place of an entry', [OSC]],
    ['null in place of an entry', [null]],
    ['an object in place of a list', { logs: [entry()] }],
  ])('is reported in one sentence when it answers with %s', async (_what, body) => {
    const { code, out, err } = await ask({ status: 200, body: JSON.stringify(body), link: '' }, []);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^logs: \S+\/logs answers with something other than log entries\n.*\n$/);
  });

  test('is reported in one sentence when values are nested too deeply to be printed', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const body = JSON.stringify([entry({ attributes: { deep: 0 } })]).replace('"deep":0', `"deep":${deep}`);
    for (const form of FORMS)
      expect(await ask({ status: 200, body, link: '' }, form)).toMatchObject({ code: 1 });
  });

  test('cannot put a line of its own into an error message', async () => {
    const body = JSON.stringify({ detail: 'no\nlogs: all is well\t!' });
    const { err } = await ask({ status: 400, body, link: '' }, []);
    expect(err).toContain(': no\\nlogs: all is well\\t!\n');
  });
});

async function ask(given: Answer, form: string[], colours = false) {
  answer = given;
  server.requests.length = 0;
  // The signal ends --follow after the list.
  const terminal = openTerminal({ colours, signal: AbortSignal.abort() });
  const code = await run(['--url', server.url, ...form], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}
