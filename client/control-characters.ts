// C0 except tab and newline, DEL, C1, and the marks that change the reading direction (Unicode TR 36, section 3).
// A message may have any text, but it must not control the terminal or change how the text beside it is read.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be found
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The text with every control character shown as an escape, such as `\x1b`; tabs and newlines stay. */
export function escapeControls(text: string): string {
  return splitAtControls(text)
    .map(({ shown }) => shown)
    .join('');
}

/** The same on one line: tabs and newlines are escapes too. */
export function escapeLine(text: string): string {
  return escapeControls(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** The parts of a text as they are shown: plain text, and escapes of control characters. */
export function splitAtControls(text: string): { shown: string; isControl: boolean }[] {
  const parts: { shown: string; isControl: boolean }[] = [];
  const unified = text.replaceAll('\r\n', '\n').toWellFormed();
  let end = 0;
  for (const { 0: control, index } of unified.matchAll(CONTROLS)) {
    if (index > end) parts.push({ shown: unified.slice(end, index), isControl: false });
    parts.push({ shown: escapeOf(control), isControl: true });
    end = index + control.length;
  }
  if (end < unified.length) parts.push({ shown: unified.slice(end), isControl: false });
  return parts;
}

/** JSON for the same value, safe on a terminal too: JSON.stringify leaves C1 and the direction marks unescaped. */
export function escapeJson(json: string): string {
  return json.replace(CONTROLS, (control) => `\\u${hex(control, 4)}`);
}

function escapeOf(control: string): string {
  if (control === '\r') return '\\r';
  return control.charCodeAt(0) < 0x100 ? `\\x${hex(control, 2)}` : `\\u${hex(control, 4)}`;
}

function hex(control: string, digits: number): string {
  return control.charCodeAt(0).toString(16).padStart(digits, '0');
}
