import type { Severity } from '../../entities/entry.ts';

/** How texts of severities begin, alone or before a number or a colon: words, or the letters of glog and Android. */
const ERROR_TEXT = /^\W*(?:err|fatal|fail|crit|alert|emerg|d?panic|severe|[efca](?:\W*$|[:/\d]))/i;
const WARNING_TEXT = /^\W*(?:warn|w(?:\W*$|[:/\d]))/i;

/** RFC 5424: 0 to 3 are emergency, alert, critical and error, 4 is warning, 5 to 7 are less. */
const SYSLOG = { error: 3, warning: 4, highest: 7 };

/** Scales that rise, by their highest number: of pino and bunyan, Monolog, java.util.logging, and logback. */
const SCALES = [
  { highest: 99, warning: 40, error: 50 },
  { highest: 600, warning: 300, error: 400 },
  { highest: 9_999, warning: 900, error: 1_000 },
  { highest: Number.POSITIVE_INFINITY, warning: 30_000, error: 40_000 },
];

/** The severity that a text says. One that says nothing is info. */
export function severityOfText(text: string): Severity {
  if (/^\s*\d+\s*$/.test(text)) return severityOfNumber(Number(text));
  if (ERROR_TEXT.test(text)) return 'error';
  return WARNING_TEXT.test(text) ? 'warning' : 'info';
}

/** The severity of a number: of syslog from 0 to 7, else of the scale that its size tells. */
export function severityOfNumber(number: number): Severity {
  if (number >= 0 && number <= SYSLOG.highest) {
    if (number <= SYSLOG.error) return 'error';
    return number === SYSLOG.warning ? 'warning' : 'info';
  }
  const scale = SCALES.find(({ highest }) => number <= highest);
  if (!scale || number < scale.warning) return 'info';
  return number < scale.error ? 'warning' : 'error';
}
