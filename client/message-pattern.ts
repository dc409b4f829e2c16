import { mayBeObject } from '../entities/matches.ts';
import { parseJson } from './log-client.ts';

/** What varies from one message to the next. */
const VARIABLE = new RegExp(
  [
    // Quoted texts, but not the request in the line of an access log. A quote after a word ends that request.
    /(?<![\w/])"(?!(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/)(?:[^"\\]|\\.)*"/,
    /(?<!\w)'[^']*'(?!\w)/,
    /`[^`]*`/,
    // An e-mail address.
    /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/,
    // A date and a time (RFC 3339, and as databases write it).
    /\b\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:[Zz]\b|[+-]\d\d:?\d\d)?/,
    // A UUID.
    /\b[\dA-Fa-f]{8}(?:-[\dA-Fa-f]{4}){3}-[\dA-Fa-f]{12}\b/,
    // An IPv6 address.
    /(?<![\w:])(?=[A-Fa-f:]*\d)(?:[\dA-Fa-f]{0,4}:){2,8}[\dA-Fa-f]{0,4}(?![\w:])/,
    // Hexadecimal digits, such as the id of a trace.
    /\b0x[\dA-Fa-f]+\b/,
    /\b(?=[A-Fa-f]*\d)[\dA-Fa-f]{8,}\b/,
    // Letters and digits in turn, or a long word of one case with a digit, such as a ULID.
    /\b(?=[A-Za-z]*\d+[A-Za-z]+\d)[A-Za-z\d]{10,}\b/,
    /\b(?:(?=[A-Z]*\d)[A-Z\d]{16,}|(?=[a-z]*\d)[a-z\d]{16,})\b/,
    // Numbers, and what is made of them: versions, dates, times, IPv4 addresses with a port.
    /(?:(?<![\w*])[-+])?\d+(?:[.,:/-]\d+)*/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);
/** Some values in a row are one: a list may have any number of them. */
const LIST = /\*(?:,? \*)+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these begin a colour, or are no text
const CONTROLS = /\u001b\[[\d;]*m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The members of a JSON message that carry its text, by the names that loggers use, and the same of a logfmt line. */
const TEXT_NAMES = ['message', 'msg', 'event', 'log', 'body', 'error'];
const LOGFMT_TEXT = /(?:^|\s)(?:message|msg)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/;

/** Enough to tell messages apart. A message may be 256 KiB long. */
const LOOKED_AT = 300;
/** Each is a filter that people see. */
const MOST_FIXED = 3;
/** Shorter texts are in too many messages to tell any apart. */
const SHORTEST_FIXED = 4;

/**
 * What all messages of a kind share: the first line of the message, with `*` in place of its numbers, ids, addresses,
 * times and quoted texts. Of JSON and logfmt, the text in it counts; JSON without a text is known by its names.
 */
export function patternOf(message: string): string {
  const { line, names } = essenceOf(message);
  if (names) return `{${names.map((name) => `${name}:*`).join(',')}}`;
  const plain = line.includes('\u001b') ? line.replace(CONTROLS, '') : line;
  return plain.replace(VARIABLE, '*').replace(LIST, '*').trim();
}

/**
 * Texts that all messages of the same pattern have as they are written here, by which they can be searched for: the
 * longest ones, three at most, in their order.
 */
export function fixedTextsOf(message: string): string[] {
  const { line, names, isJson } = essenceOf(message);
  const texts = (names ?? line.split(CONTROLS).flatMap((part) => part.split(VARIABLE)))
    .map((part) => part.trim())
    .filter((part) => part.length >= SHORTEST_FIXED && /\p{L}{2}/u.test(part));
  const longest = texts.toSorted((a, b) => b.length - a.length).slice(0, MOST_FIXED);
  const ordered = texts.filter((part) => longest.includes(part)).slice(0, MOST_FIXED);
  return [...new Set(ordered)].map((part) => (isJson ? JSON.stringify(part).slice(1, -1) : part));
}

interface Essence {
  line: string;
  /** The names of a JSON object without a text, in quotes. */
  names?: string[];
  /** Whether the line is written in the message as JSON. */
  isJson: boolean;
}

/** What of a message its pattern is made of. */
function essenceOf(message: string): Essence {
  const members = mayBeObject(message) ? parseJson(message) : undefined;
  if (typeof members === 'object' && members !== null) {
    const text = TEXT_NAMES.map((name) => Object(members)[name]).find(
      (one) => one && typeof one === 'string',
    );
    if (text) return { line: firstLineOf(text), isJson: true };
    return { line: '', names: Object.keys(members).map((name) => JSON.stringify(name)), isJson: false };
  }
  const line = firstLineOf(message);
  const [, quoted, word] = line.includes('=') ? (LOGFMT_TEXT.exec(line) ?? []) : [];
  return { line: quoted || word || line, isJson: false };
}

/** The end of a line that is cut would differ from message to message: its last word is left out. */
function firstLineOf(text: string): string {
  const line = /\S[^\n]*/.exec(text.slice(0, LOOKED_AT * 4))?.[0] ?? '';
  return line.length <= LOOKED_AT ? line : line.slice(0, line.lastIndexOf(' ', LOOKED_AT));
}
