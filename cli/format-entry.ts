import { readableTime } from '../client/readable-time.ts';
import type { LogEntry } from '../entities/entry.ts';
import { escapeControls } from './terminal.ts';

export type FormatEntry = (entry: LogEntry) => string;

/** SGR codes (ECMA-48, 8.3.117) of the 16 colours that every terminal theme keeps readable. */
const SGR = {
  reset: '\u001b[0m',
  dim: '\u001b[2m',
  info: '\u001b[36m',
  warning: '\u001b[33m',
  error: '\u001b[1;31m',
};
const SEVERITY_WIDTH = 'WARNING'.length;

/**
 * A function that lays an entry out in columns: time, severity, message. The id stands after the first line of
 * the message; further lines are indented below that, so that a stack trace fits a narrow terminal.
 */
export function createEntryFormatter(options: { colour: boolean; local: boolean }): FormatEntry {
  const paint = (style: keyof typeof SGR, text: string) =>
    options.colour ? `${SGR[style]}${text}${SGR.reset}` : text;

  return ({ id, datetime, severity, message }) => {
    const time = readableTime(datetime, options.local);
    const label = severity.toUpperCase().padEnd(SEVERITY_WIDTH);
    const shownId = escapeControls(id).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
    const [first, ...further] = escapeControls(message).split('\n');
    const indent = ' '.repeat(time.length + SEVERITY_WIDTH + 4);
    return [
      `${paint('dim', time)}  ${paint(severity, label)}  ${first}  ${paint('dim', `[${shownId}]`)}`,
      ...further.map((line) => indent + line),
    ].join('\n');
  };
}
