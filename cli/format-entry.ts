import { escapeControls, escapeLine } from '../client/control-characters.ts';
import { isBlank, jsonOfAttributes, readableJson } from '../client/entry-text.ts';
import { parseJson } from '../client/log-client.ts';
import { styledPartsOf, type TextStyle } from '../client/styled-text.ts';
import { readableTime } from '../client/time.ts';
import type { LogEntry, Severity } from '../entities/entry.ts';

export type FormatEntry = (entry: LogEntry) => string;

/** SGR codes (ECMA-48, 8.3.117) of the 16 colours that every terminal theme keeps readable. */
const SGR = {
  bold: '1',
  dim: '2',
  italic: '3',
  underline: '4',
  strikethrough: '9',
  red: '31',
  green: '32',
  yellow: '33',
  blue: '34',
  magenta: '35',
  cyan: '36',
} satisfies Record<TextStyle, string>;
const SEVERITY_STYLES: Record<Severity, TextStyle[]> = {
  info: ['cyan'],
  warning: ['yellow'],
  error: ['bold', 'red'],
};
const SEVERITY_WIDTH = 'WARNING'.length;

/** The indentation of further lines on a narrow terminal. */
const NARROW_INDENT = 4;

/**
 * A function that formats an entry in columns: time, severity, message. The id follows the first line of the message.
 * Attributes follow as JSON, in place of a message that is blank. A message keeps its colours. Further lines are
 * indented to the column of the message if that leaves them two thirds of the terminal's `columns`; in a pipe the width
 * is unknown and counts as wide.
 */
export function createEntryFormatter(options: {
  colour: boolean;
  local: boolean;
  columns: number | undefined;
}): FormatEntry {
  const paint = (styles: TextStyle[], text: string) =>
    options.colour && styles.length > 0 && text !== '' ? paintText(styles, text) : text;

  /** The lines of a text, with the colours that it has, or else in this style. */
  const linesOf = (text: string, styles: TextStyle[] = []) =>
    styledPartsOf(text)
      .map((part) => {
        const own = part.styles.length > 0 ? part.styles : styles;
        const lines = escapeControls(part.text).split('\n');
        return lines.map((line) => paint(own, line)).join('\n');
      })
      .join('')
      .split('\n');

  return ({ id, datetime, severity, message, attributes }) => {
    const time = readableTime(datetime, options.local);
    const label = severity.toUpperCase().padEnd(SEVERITY_WIDTH);
    const [first, ...further] = [
      ...(attributes && isBlank(message) ? [] : linesOf(readableMessage(message))),
      ...(attributes ? linesOf(readableJson(jsonOfAttributes(attributes)), ['dim']) : []),
    ];
    const below = time.length + SEVERITY_WIDTH + 4;
    const isWide = options.columns === undefined || below * 3 <= options.columns;
    const indent = ' '.repeat(isWide ? below : NARROW_INDENT);
    return [
      `${paint(['dim'], time)}  ${paint(SEVERITY_STYLES[severity], label)}  ${first}  ${paint(['dim'], `[${escapeLine(id)}]`)}`,
      ...further.map((line) => indent + line),
    ].join('\n');
  };
}

/** The texts of a JSON message that have several lines are shown as these lines, as those of attributes are. */
function readableMessage(message: string): string {
  return /^\s*[{[]/.test(message) && parseJson(message) !== undefined ? readableJson(message) : message;
}

function paintText(styles: TextStyle[], text: string): string {
  return `\u001b[${styles.map((style) => SGR[style]).join(';')}m${text}\u001b[0m`;
}
