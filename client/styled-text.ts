/** A colour of the theme, or a decoration. */
export type TextStyle = (typeof COLOURS)[number] | (typeof DECORATIONS)[number];

/** A part of a text in one style. It may have control characters, but no colours. */
export interface StyledPart {
  text: string;
  styles: TextStyle[];
}

/** In the order of their codes. Black and white are left out: on a dark or a light ground, one would not be seen. */
const COLOURS = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;
const DECORATIONS = ['bold', 'dim', 'italic', 'underline', 'strikethrough'] as const;
const CODES = new Map<number, (typeof DECORATIONS)[number]>([
  [1, 'bold'],
  [2, 'dim'],
  [3, 'italic'],
  [4, 'underline'],
  [9, 'strikethrough'],
]);

/** Select Graphic Rendition (ECMA-48 section 8.3.117), in the form that loggers write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it begins a colour
export const RENDITION = /\u001b\[([\d;]*)m/g;

/**
 * The parts of a text that share a style. Only the named colours are kept, and no backgrounds: the text stays readable
 * whatever a message asks for.
 */
export function styledPartsOf(text: string): StyledPart[] {
  const parts: StyledPart[] = [];
  let style: Style = { decorations: [] };
  let end = 0;
  for (const { 0: sequence, 1: codes = '', index } of text.matchAll(RENDITION)) {
    add(parts, text.slice(end, index), style);
    style = changed(style, codes.split(';').map(Number));
    end = index + sequence.length;
  }
  add(parts, text.slice(end), style);
  return parts;
}

interface Style {
  colour?: TextStyle;
  decorations: readonly TextStyle[];
}

function add(parts: StyledPart[], text: string, { colour, decorations }: Style): void {
  if (text === '') return;
  const styles = [...new Set([...decorations, ...(colour ? [colour] : [])])];
  const last = parts.at(-1);
  if (last && String(last.styles) === String(styles)) last.text += text;
  else parts.push({ text, styles });
}

/** The style after the codes of a sequence. One without a code resets it. */
function changed(style: Style, codes: readonly number[]): Style {
  let { colour, decorations } = style;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] as number;
    const [begun, ended] = [CODES.get(code), CODES.get(code - 20)];
    if (code === 0) [colour, decorations] = [undefined, []];
    else if (begun) decorations = DECORATIONS.filter((one) => one === begun || decorations.includes(one));
    // 22 ends both bold and dim.
    else if (ended)
      decorations = decorations.filter((one) => one !== ended && (code !== 22 || one !== 'bold'));
    else if (code >= 30 && code <= 39) colour = COLOURS[code - 31];
    // Loggers write grey, which is 90, for what is less important.
    else if (code >= 90 && code <= 97) colour = code === 90 ? 'dim' : COLOURS[code - 91];
    // 5 and a number of a table, or 2 and three parts of a colour follow.
    if (code === 38 || code === 48) at += codes[at + 1] === 5 ? 2 : 4;
  }
  return { colour, decorations };
}
