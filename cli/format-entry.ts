import { escapeControls, escapeLine } from '../client/control-characters.ts';
import { isBlank, jsonOfAttributes, readableJson } from '../client/entry-text.ts';
import { readableTime } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';

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

/** The indentation of further lines on a narrow terminal. */
const NARROW_INDENT = 4;

/**
 * A function that formats an entry in columns: time, severity, message. The id follows the first line of the message.
 * Attributes follow as JSON, in place of a message that is blank. Further lines are indented to the column of the
 * message if that leaves them two thirds of the terminal's `columns`; in a pipe the width is unknown and counts as wide.
 */
export function createEntryFormatter(options: {
  colour: boolean;
  local: boolean;
  columns: number | undefined;
}): FormatEntry {
  const paint = (style: keyof typeof SGR, text: string) =>
    options.colour ? `${SGR[style]}${text}${SGR.reset}` : text;

  return ({ id, datetime, severity, message, attributes }) => {
    const time = readableTime(datetime, options.local);
    const label = severity.toUpperCase().padEnd(SEVERITY_WIDTH);
    const json = attributes ? escapeControls(readableJson(jsonOfAttributes(attributes))) : '';
    const [first, ...further] = [
      ...(json && isBlank(message) ? [] : escapeControls(message).split('\n')),
      ...(json ? json.split('\n').map((line) => paint('dim', line)) : []),
    ];
    const below = time.length + SEVERITY_WIDTH + 4;
    const isWide = options.columns === undefined || below * 3 <= options.columns;
    const indent = ' '.repeat(isWide ? below : NARROW_INDENT);
    return [
      `${paint('dim', time)}  ${paint(severity, label)}  ${first}  ${paint('dim', `[${escapeLine(id)}]`)}`,
      ...further.map((line) => indent + line),
    ].join('\n');
  };
}
