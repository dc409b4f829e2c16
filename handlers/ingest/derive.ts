import type { Severity } from '../../entities/entry.ts';
import { digest } from '../../entities/timeline.ts';

/** 128 bits of SHA-256: enough that two different records never get the same id. */
const ID_CHARACTERS = 22;

/** An id for a record that has none. The same record sent again gets the same id, so it is the same entry. */
export function deriveId(record: string | Uint8Array): string {
  return digest(record, ID_CHARACTERS);
}

/**
 * An RFC 3339 date-time.
 * @param seconds whole seconds since 1970
 * @param fraction the digits of the fraction, 0 to 9
 */
export function toDatetime(seconds: number, fraction: string): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${fraction && `.${fraction}`}Z`;
}

/** How texts of severities begin: a word, or a letter of glog or Android that is alone or before a digit or a colon. */
const ERROR_TEXT = /^\W*(?:err|fatal|fail|crit|alert|emerg|d?panic|severe|[efca](?:\W*$|[:/\d]))/i;
const WARNING_TEXT = /^\W*(?:warn|w(?:\W*$|[:/\d]))/i;

/** RFC 5424: 0 to 3 are emergency, alert, critical and error, 4 is warning, 5 to 7 are less severe. */
const SYSLOG = { error: 3, warning: 4, highest: 7 };

/** Scales on which higher numbers are more severe: of pino and bunyan, Monolog, java.util.logging, and logback. */
const SCALES = [
  { highest: 99, warning: 40, error: 50 },
  { highest: 600, warning: 300, error: 400 },
  { highest: 9_999, warning: 900, error: 1_000 },
  { highest: Number.POSITIVE_INFINITY, warning: 30_000, error: 40_000 },
];

/** The severity that a text names. Any other text is info. */
export function severityOfText(text: string): Severity {
  if (/^\s*\d+\s*$/.test(text)) return severityOfNumber(Number(text));
  if (ERROR_TEXT.test(text)) return 'error';
  return WARNING_TEXT.test(text) ? 'warning' : 'info';
}

/** Numbers from 0 to 7 are those of syslog. The scale of any other number follows from its size. */
function severityOfNumber(number: number): Severity {
  if (number >= 0 && number <= SYSLOG.highest) {
    if (number <= SYSLOG.error) return 'error';
    return number === SYSLOG.warning ? 'warning' : 'info';
  }
  const scale = SCALES.find(({ highest }) => number <= highest);
  if (!scale || number < scale.warning) return 'info';
  return number < scale.error ? 'warning' : 'error';
}
