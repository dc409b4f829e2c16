import type { Entry } from '../page/follow.js';
import { readableTime } from '../page/instant.js';
import { escapeControls } from './terminal-text.ts';

export type FormatEntry = (entry: Entry) => string;

/** SGR codes (ECMA-48, 8.3.117), of the 16 colours that every terminal theme keeps readable. */
const SGR = {
  reset: '\u001b[0m',
  dim: '\u001b[2m',
  info: '\u001b[36m',
  warning: '\u001b[33m',
  error: '\u001b[1;31m',
};
const SEVERITY_WIDTH = 'WARNING'.length;
/** A UUID fits. A longer id pushes its own message aside, not everybody's. */
const WIDEST_ID = 36;

/**
 * A function that lays entries out in columns: time, severity, id, message; the further lines of a message
 * are indented below its first. The id column is as wide as the widest id so far.
 */
export function createEntryFormatter(options: { colour: boolean; local: boolean }): FormatEntry {
  const paint = (style: keyof typeof SGR, text: string) =>
    options.colour ? `${SGR[style]}${text}${SGR.reset}` : text;
  let idWidth = 0;

  return ({ id, datetime, severity, message }) => {
    const time = readableTime(datetime, options.local);
    const label = severity.toUpperCase().padEnd(SEVERITY_WIDTH);
    const shownId = escapeControls(id).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
    idWidth = Math.max(idWidth, Math.min(shownId.length, WIDEST_ID));

    const indent = ' '.repeat(time.length + SEVERITY_WIDTH + idWidth + 6);
    const lines = escapeControls(message).replaceAll('\n', `\n${indent}`);
    return `${paint('dim', time)}  ${paint(severity, label)}  ${paint('dim', shownId.padEnd(idWidth))}  ${lines}`;
  };
}
