import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { severityOfText } from '../../../handlers/ingest/severity-of-text.ts';
import { RUNS } from '../../support/arbitraries.ts';

/** What loggers write as the level, by the severity it means. */
const WORDS = {
  error: [
    ...['emerg', 'alert', 'crit', 'err', 'emergency', 'critical', 'error', 'fatal', 'panic', 'dpanic'],
    ...['severe', 'assert', 'shout', 'fault', 'wtf', 'fail', 'failure', 'exception', 'exceptions', 'errors'],
  ],
  warning: ['warn', 'warning', 'caution'],
  info: [
    ...[
      'info',
      'information',
      'informational',
      'notice',
      'debug',
      'trace',
      'verbose',
      'fine',
      'finer',
      'finest',
    ],
    ...['config', 'log', 'statement', 'detail', 'hint', 'http', 'silly', 'success', 'ready', 'start', 'box'],
  ],
} as const;

/** Each between two bars. */
const ERRORS = `
  |\u001b[31merror\u001b[39m|\u001b[1m\u001b[38;5;9mERROR\u001b[0m|[31merror[39m|#033[31mERR#033[0m|\u001b[m\u001b[1;31merror|
  |\\u001b[31mERROR\\u001b[39m|\\x1b[31mERROR|[error]|<err>| ERROR |*** FATAL ***|ERR!|error: disk full|Critical hit|3 error|
  |:error|ERROR3|ERROR+4|ERROR:info|eror|EROR|erro|fata|FATL|ftl|pnc|crt|CRITI|SEVER|exc|alrt|emg|Er|FA|exception|
  |E|f|C|A|E:|E/Tag|(E)|E0312|E0312 10:00:06.123|EE|(EE)|Fehler|FEHLER:|ERREUR|Crítico|ОШИБКА|エラー|错误|
  |LOG_ERR|SEVERITY_NUMBER_FATAL|SEVERITY_NUMBER_ERROR2|local0.crit|auth.err|E_USER_ERROR|query-error|ERR_TIMED_OUT|
  |LogLevel.Error|LogLevel::Error|ErrorLevel|LogLevelError|NullPointerException|Uncaught Exception|Fatal error|`;
const WARNINGS = `
  |\u001b[33mwarn\u001b[39m|\u001b[33;1mWRN\u001b[0m|wrn|WARNI|Wn|WW|w|W|w:|W1128|W1128 10:00:06.123|WARN+1|WARN2|Warning!|
  |LOG_WARNING|kern.warn|E_USER_WARNING|DeprecationWarning|DEPRECATION|WarnLevel|warn: no error|WARNING  |Warnung|警告|`;
const INFOS = `
  |\u001b[32minfo\u001b[39m|dbg|dbug|trce|vrb|inf|ntc|I|I:|D|D1|D5|T|V/Tag|I1128|DEBUG5|DEBUG-4|INFO+2|INFO3|TRACE3|
  |daemon.notice|LOG_INFO|LogLevel.Debug|VeryVerbose|INFO_SEVERITY|INFO finished with 0 errors|info: error|DEBUG [error]|`;
const UNKNOWN = `
  || |50|3|40.0|-|***|\u001b[31m\u001b[39m|[message]|message|a text|what|an error|no error|Level(-4)|{}|ok|Metadata|
  |gold|silver|high|medium|low|expert|easy|hard|basic|premium|free|pro|none|P1|A1|C2|B|x|EU|E1|D7|W2|é|重|true|null|
  |unknown|DEFAULT|NOTSET|UNSPECIFIED|ANY|OFF|ALL|2026-11-28T10:00:06Z|RequestResponse|stdout|stderr|`;

function textsOf(lines: string): string[] {
  return lines
    .trim()
    .split('\n')
    .flatMap((line) => line.trim().slice(1, -1).split('|'));
}

describe('The severity that a text names', () => {
  test.each([
    ...textsOf(ERRORS).map((text) => ({ text, severity: 'error' })),
    ...textsOf(WARNINGS).map((text) => ({ text, severity: 'warning' })),
    ...textsOf(INFOS).map((text) => ({ text, severity: 'info' })),
    ...textsOf(UNKNOWN).map((text) => ({ text, severity: undefined })),
  ])('is $severity for $text', ({ text, severity }) => {
    expect(severityOfText(text)).toBe(severity);
  });
});

const words = fc
  .constantFrom(...Object.entries(WORDS))
  .chain(([severity, names]) =>
    fc.record({ severity: fc.constant(severity), word: fc.constantFrom(...names) }),
  );

const anyCase = (word: string) =>
  fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((upper) => Array.from(word, (letter, at) => (upper[at] ? letter.toUpperCase() : letter)).join(''));

describe('A word that names a severity', () => {
  test('does so in capitals or not, cut off, coloured, in brackets and before other text', () => {
    const written = words.chain(({ severity, word }) =>
      fc.record({
        severity: fc.constant(severity),
        word: fc
          .integer({ min: 3, max: word.length })
          .map((length) => word.slice(0, length))
          .chain((cut) => fc.constantFrom(cut, cut.toUpperCase(), cut[0]?.toUpperCase() + cut.slice(1))),
        before: fc.constantFrom('', ' ', '[', '\u001b[31m', '\u001b[1;38;2;255;0;0m', '<', '3 '),
        after: fc.constantFrom('', ' ', ']', '\u001b[39m', ': error', ': info', ' (x)', '!', '1', '+2', '\n'),
      }),
    );
    fc.assert(
      fc.property(written, ({ severity, word, before, after }) => {
        expect(severityOfText(before + word + after)).toBe(severity);
      }),
      { numRuns: 500 * RUNS },
    );
  });

  test('does so in any mixture of capitals', () => {
    const mixed = words.chain(({ severity, word }) => anyCase(word).map((text) => ({ severity, text })));
    fc.assert(
      fc.property(mixed, ({ severity, text }) => {
        expect(severityOfText(text)).toBe(severity);
      }),
      { numRuns: 200 * RUNS },
    );
  });

  test('is looked for near the beginning of a text only, however long that is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        expect([undefined, 'info', 'warning', 'error']).toContain(severityOfText(text));
      }),
      { numRuns: 200 * RUNS },
    );
    expect(severityOfText(`${' '.repeat(1_000)}error`)).toBeUndefined();
    for (const part of ['[', '\\', 'e', '[1;', 'E:', '\u001b[', '\\u001b[1', 'a_', 'aB', '\ud83d'])
      expect(severityOfText(`info ${part.repeat(500_000)}`)).toBe('info');
  });
});
