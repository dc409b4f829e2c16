import { createAnsiSequenceParser, type ParseToken } from 'ansi-sequence-parser';

/** A colour of the theme, or a decoration. */
export type TextStyle = (typeof COLOURS)[number] | (typeof DECORATIONS)[number];

/** A part of a text in one style. It may have control characters, but no colours. */
export interface StyledPart {
  text: string;
  styles: TextStyle[];
}

/** Black and white are left out: on a dark or a light ground, one of them would not be seen. */
const COLOURS = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;
const DECORATIONS = ['bold', 'dim', 'italic', 'underline', 'strikethrough'] as const;

/** An escape character that does not begin a colour. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the character to be found
const STRAY_ESCAPE = /(\u001b(?!\[[\d;]*m))/;

/**
 * The parts of a text that share a style. Colours reach across stray escapes, as they do in a terminal. Only the named
 * colours are kept, and no backgrounds: the text stays readable whatever a message asks for.
 */
export function styledPartsOf(text: string): StyledPart[] {
  if (!text.includes('\u001b')) return [{ text, styles: [] }];
  const parser = createAnsiSequenceParser();
  const parts: StyledPart[] = [];
  let styles: TextStyle[] = [];
  for (const piece of text.split(STRAY_ESCAPE)) {
    if (piece === '\u001b') {
      add(parts, { text: piece, styles });
      continue;
    }
    for (const token of parser.parse(piece)) {
      styles = stylesOf(token);
      add(parts, { text: token.value, styles });
    }
  }
  return parts;
}

function add(parts: StyledPart[], { text, styles }: StyledPart): void {
  const last = parts.at(-1);
  if (last && String(last.styles) === String(styles)) last.text += text;
  else parts.push({ text, styles });
}

function stylesOf({ foreground, decorations }: ParseToken): TextStyle[] {
  const styles: TextStyle[] = DECORATIONS.filter((name) => decorations.has(name));
  if (foreground?.type !== 'named') return styles;
  // Loggers write grey for what is less important.
  if (foreground.name === 'brightBlack') return [...styles.filter((name) => name !== 'dim'), 'dim'];
  const name = foreground.name.replace('bright', '').toLowerCase();
  return [...styles, ...COLOURS.filter((colour) => colour === name)];
}
