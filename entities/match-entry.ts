import type { Severity } from './entry.ts';
import type { StoredEntry } from './log-entry.ts';
import { type AttributeFilter, matchAttributes, matchTexts, type TextFilter } from './matches.ts';
import { hasWord, wordsOfJson } from './token-filter.ts';

/** What entries are chosen by, when they are read and when they are counted. Of what is absent, all match. */
export interface EntryFilter extends TextFilter {
  severities?: readonly Severity[];
  /** Words that are the id or that the message or the attributes have, all of them (see token-filter.ts). */
  words?: readonly string[];
  /** Attributes that the entry must have, all of them. Members of a JSON message are attributes too. */
  attributes?: readonly AttributeFilter[];
  /** Attributes that the entry must not have, any of them. An entry without attributes has none. */
  excludedAttributes?: readonly AttributeFilter[];
  /** The id of the API key that sent the entry. */
  sender?: string;
}

/** Makes a function that tells whether an entry matches a filter. What is quick to check is checked first. */
export function matchEntry(filter: EntryFilter): (entry: StoredEntry) => boolean {
  const { severities, words = [], attributes = [], excludedAttributes = [], sender, ...texts } = filter;
  const hasTexts = matchTexts(texts);
  return (entry) =>
    (severities === undefined || severities.includes(entry.severity)) &&
    (sender === undefined || entry.sender === sender) &&
    hasTexts(entry.message) &&
    words.every((word) => isIn(entry, word)) &&
    matchAttributes(entry.attributes, attributes, excludedAttributes, entry.message);
}

function isIn({ id, message, attributes = '' }: StoredEntry, word: string): boolean {
  return id === word || hasWord(message, word) || hasWord(wordsOfJson(attributes), word);
}
