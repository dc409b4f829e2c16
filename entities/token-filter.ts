/**
 * Which tokens some texts may have: a Bloom filter. A word is a run of letters, digits and inner hyphens. A token is a
 * word of at least six characters with a digit in it: nearly every id is one, and few other words are.
 */

/** With seven hashes, 0.5 % of the tokens that are not in a filter seem to be. */
const BITS_PER_TOKEN = 11;
const HASHES = 7;

const SHORTEST_TOKEN = 6;

const WORD = /^[\da-z\u0080-\uffff]+(?:-+[\da-z\u0080-\uffff]+)*$/i;

/** Whether a text is one word and nothing else. */
export function isWord(text: string): boolean {
  return WORD.test(text) && text.isWellFormed();
}

/** Whether a text is one token and nothing else. */
export function isToken(text: string): boolean {
  return text.length >= SHORTEST_TOKEN && /\d/.test(text) && isWord(text);
}

/** Whether a text has a word, upper and lower case apart. */
export function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!continues(text, at - 1, -1) && !continues(text, at + word.length, 1)) return true;
  return false;
}

/** Whether a word goes on from a position in a direction: with a letter or digit, or hyphens before one. */
function continues(text: string, from: number, step: number): boolean {
  let at = from;
  while (text.charCodeAt(at) === HYPHEN) at += step;
  return at >= 0 && at < text.length && kindOf(text.charCodeAt(at)) !== OTHER;
}

/** A JSON text with its words as they are meant: escapes of letters and digits decoded, all others as blanks. */
export function wordsOfJson(json: string): string {
  return json.includes('\\') ? json.replace(ESCAPE, (_, hex) => decoded(hex)) : json;
}

const ESCAPE = /\\(?:u([\da-f]{4})|.)/gi;

function decoded(hex: string | undefined): string {
  const code = Number.parseInt(hex ?? '', 16);
  return (code >= 0 && kindOf(code) !== OTHER) || code === HYPHEN ? String.fromCharCode(code) : ' ';
}

/** A filter of hashes, see hashOf and addTokens. */
export function createTokenFilter(hashes: ReadonlySet<number>): Uint8Array {
  const filter = new Uint8Array(Math.ceil((hashes.size * BITS_PER_TOKEN) / 8));
  for (const hash of hashes)
    for (let at = 1; at <= HASHES; at++) {
      const bit = bitOf(hash, at, filter);
      filter[bit >>> 3] = (filter[bit >>> 3] as number) | (1 << (bit & 7));
    }
  return filter;
}

/** Whether the filter may have been made of a hash among others. */
export function mayHave(filter: Uint8Array, hash: number): boolean {
  for (let at = 1; at <= HASHES && filter.length > 0; at++) {
    const bit = bitOf(hash, at, filter);
    if (!((filter[bit >>> 3] as number) & (1 << (bit & 7)))) return false;
  }
  return filter.length > 0;
}

function bitOf(hash: number, at: number, filter: Uint8Array): number {
  return mix(hash + Math.imul(at, GOLDEN_RATIO)) % (8 * filter.length);
}

/** 2^32 by the golden ratio, whose multiples are far apart. */
const GOLDEN_RATIO = 0x9e3779b9;

/** The finalizer of MurmurHash3, which spreads each bit over all 32. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** The hash of a text, whether it is a token or not: FNV-1a in 32 bits with a sign, which V8 keeps without a box. */
export function hashOf(text: string): number {
  let hash = FNV_OFFSET;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ folded(text.charCodeAt(at)), FNV_PRIME);
  return hash;
}

const HYPHEN = 0x2d;

/** Adds the hashes of the tokens in a text. */
export function addTokens(text: string, hashes: Set<number>): void {
  let hash = FNV_OFFSET;
  let length = 0;
  let hyphens = 0;
  let hasDigit = false;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    const kind = kindOf(code);
    if (kind !== OTHER) {
      // Hyphens count if a letter or digit follows.
      for (; hyphens > 0; hyphens--, length++) hash = Math.imul(hash ^ HYPHEN, FNV_PRIME);
      hash = Math.imul(hash ^ (kind === UPPER_CASE ? code | 0x20 : code), FNV_PRIME);
      length++;
      hasDigit ||= kind === DIGIT;
    } else if (length > 0) {
      if (code === HYPHEN) {
        hyphens++;
        continue;
      }
      if (hasDigit && length >= SHORTEST_TOKEN) hashes.add(hash);
      hash = FNV_OFFSET;
      length = hyphens = 0;
      hasDigit = false;
    }
  }
}

const OTHER = 0;
const DIGIT = 1;
const UPPER_CASE = 2;
const LETTER = 3;

/** What the code units of ASCII are. */
const KINDS = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/\d/.test(character)) return DIGIT;
  if (/[A-Z]/.test(character)) return UPPER_CASE;
  return /[a-z]/.test(character) ? LETTER : OTHER;
});

/** All code units beyond ASCII count as letters. */
function kindOf(code: number): number {
  return code < KINDS.length ? (KINDS[code] as number) : LETTER;
}

/** A code unit, in lower case if it is a letter of ASCII. */
function folded(code: number): number {
  return kindOf(code) === UPPER_CASE ? code | 0x20 : code;
}
