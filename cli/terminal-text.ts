// C0 but tab and newline, DEL, C1, and what turns the reading direction round (Unicode TR 36, section 3):
// a message may say anything, but it must not drive the terminal or change how its neighbours read.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be found
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The text with every control character shown as an escape, such as `\x1b`; tabs and newlines stay. */
export function escapeControls(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(CONTROLS, escapeOf).toWellFormed();
}

/** JSON that stands for the same value and drives no terminal either: JSON.stringify leaves C1 as it is. */
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
