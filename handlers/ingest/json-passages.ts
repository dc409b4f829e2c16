import { RAW_TEXT_LIMIT } from '../../entities/dead-letter.ts';
import {
  type Break,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  isArray,
  isObject,
  NEWLINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  type Part,
  type Span,
  scanValue,
  trim,
} from './json-value.ts';

/** A part of a body: a whole array or object, or text. */
export interface Passage extends Part {
  isValue: boolean;
}

/**
 * Divides a body into arrays and objects, whatever blanks are between them, and the text beside them, line by line.
 * The lines of a damaged object stay together as far as their indentation tells. It looks at no byte more than three
 * times: what is open where a value breaks off breaks off there too, and what was closed before is whole.
 */
export function* passagesOf(body: Buffer, { start, end }: Span): Generator<Passage> {
  let broken: Break = { brokenAt: start, open: [] };
  for (let at = start; at < end; ) {
    const remainder = { start: at, end };
    let value: Part | undefined;
    let text: Part | undefined;
    if ((isArray(body, remainder) || isObject(body, remainder)) && !broken.open.includes(at)) {
      const scan = scanValue(body, remainder);
      if ('open' in scan) broken = scan;
      else if (!isOfScalars(body, scan)) value = scan;
      else if (!isFollowed(body, scan, end)) text = scan;
    }
    const passage = value ?? text ?? textAt(body, remainder, broken);
    yield { ...passage, isValue: value !== undefined };
    at = trim(body, { start: passage.end, end }).start;
    // Some programs write a comma after each object of a file.
    if (value && body[at] === COMMA) at = trim(body, { start: at + 1, end }).start;
  }
}

/** Whether an array has texts or numbers, and so no record: `["a"]`, or a prefix of a line such as `[12]` or `[INFO]`. */
function isOfScalars(body: Buffer, value: Span): boolean {
  if (!isArray(body, value)) return false;
  const { start: first } = trim(body, { start: value.start + 1, end: value.end });
  return body[first] !== OPEN_OBJECT && body[first] !== OPEN_ARRAY && first < value.end - 1;
}

/** Whether other text follows a value on its line. */
function isFollowed(body: Buffer, value: Span, end: number): boolean {
  const line = trim(body, { start: value.end, end: endOfLine(body, value.end, end) });
  return line.start < line.end;
}

/** A line; or the lines of an object that breaks off after its first line. */
function textAt(body: Buffer, { start, end }: Span, { brokenAt, open }: Break): Part {
  let lineEnd = endOfLine(body, start, end);
  const indent = indentationOf(body, start);
  let isWithin = isObject(body, { start, end }) && open.includes(start) && brokenAt > lineEnd && indent >= 0;
  while (isWithin && lineEnd < end) {
    const first = skipIndentation(body, lineEnd + 1, end);
    const isDeeper = first - lineEnd - 1 > indent;
    const isClosing = body[first] === CLOSE_OBJECT || body[first] === CLOSE_ARRAY;
    const next = endOfLine(body, first, end);
    if (!(isDeeper || isClosing) || next - start > RAW_TEXT_LIMIT) break;
    lineEnd = next;
    isWithin = isDeeper;
  }
  return { ...trim(body, { start, end: lineEnd }), hasList: false };
}

function endOfLine(body: Buffer, from: number, end: number): number {
  const newline = body.indexOf(NEWLINE, from);
  return newline < 0 || newline > end ? end : newline;
}

/** How many blanks are before a position in its line; -1 if anything else is. */
function indentationOf(body: Buffer, at: number): number {
  let first = at;
  while (first > 0 && isIndentation(body[first - 1])) first--;
  return first === 0 || body[first - 1] === NEWLINE ? at - first : -1;
}

function skipIndentation(body: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && isIndentation(body[at])) at++;
  return at;
}

function isIndentation(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
