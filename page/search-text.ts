import { foldsCase } from '../entities/matches.ts';

/** What is searched for: texts that a message must contain, and texts that it must not contain. All of them apply. */
export interface Search {
  contains: string[];
  excludes: string[];
}

/** A word, or a phrase in quotes whose end may be missing. A minus sign before it excludes it. */
const TERM = /(-?)(?:"((?:\\["\\]|[^"])*)(?:"(?=\s|$)|$)|(\S+))/g;
const ESCAPED = /\\(["\\])/g;

/** Reads what people type: `disk "sda 1" -debug`. In quotes, `\"` is a quote and `\\` a backslash. */
export function parseSearch(typed: string): Search {
  const search: Search = { contains: [], excludes: [] };
  for (const [, minus, phrase, word] of typed.matchAll(TERM)) {
    const text = phrase === undefined ? word : phrase.replace(ESCAPED, '$1');
    // A minus sign alone is the beginning of a word that is still being typed.
    if (!text || (!minus && word === '-')) continue;
    search[minus ? 'excludes' : 'contains'].push(text);
  }
  return search;
}

/** Writes a search as people type it, so that `parseSearch` reads the same. */
export function writeSearch({ contains, excludes }: Search): string {
  return [...contains.map(writeTerm), ...excludes.map((text) => `-${writeTerm(text)}`)].join(' ');
}

function writeTerm(text: string): string {
  const { contains, excludes } = parseSearch(`${text} x`);
  const isWord = excludes.length === 0 && contains.length === 2 && contains[0] === text;
  return isWord ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

export function isSameSearch(one: Search, other: Search): boolean {
  return writeSearch(one) === writeSearch(other);
}

/** Finds the texts as the service does; undefined where there are none. */
export function patternOf(texts: readonly string[]): RegExp | undefined {
  if (texts.length === 0) return undefined;
  const longestFirst = texts.toSorted((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(patternOfText).join('|'), 'gu');
}

function patternOfText(text: string): string {
  const folds = foldsCase(text, 'smart');
  return [...text]
    .map((character) => {
      const forms = folds ? [character, character.toUpperCase()] : [character];
      return `(?:${[...new Set(forms)].map(escapePattern).join('|')})`;
    })
    .join('');
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/gu, (mark) => `\\${mark}`);
}
