import type { LogEntry, Severity } from '../entities/entry.ts';
import { parseInstant } from '../entities/instant.ts';
import { isBlank, messageOf } from './entry-text.ts';
import { fixedTextsOf, patternOf } from './message-pattern.ts';

/** Entries of one severity whose messages share a pattern. */
export interface AlikeEntries {
  pattern: string;
  /** Texts by which they are found: other entries may have them too. Empty where nothing would find them. */
  fixed: string[];
  severity: Severity;
  count: number;
  /** The earliest and the latest instant. */
  first: string;
  last: string;
  /** The message of the entry that was added first. */
  example: string;
}

/** Groups entries by the pattern of their messages, as they come page by page. */
export function createPatternCounts() {
  const groups = new Map<string, AlikeEntries>();
  return {
    add(entries: readonly LogEntry[]): void {
      for (const entry of entries) addTo(groups, entry);
    },
    /** The groups, the largest first. */
    get groups(): AlikeEntries[] {
      return [...groups.values()].sort((a, b) => b.count - a.count);
    },
  };
}

function addTo(groups: Map<string, AlikeEntries>, entry: LogEntry): void {
  const { severity } = entry;
  const example = messageOf(entry);
  const pattern = patternOf(example);
  const instant = parseInstant(entry.datetime);
  const key = `${severity} ${pattern}`;
  const group = groups.get(key);
  if (!group) {
    // Texts are searched for in messages alone, not in the attributes that stand for a blank one.
    const fixed = isBlank(entry.message) ? [] : fixedTextsOf(example);
    groups.set(key, { pattern, fixed, severity, count: 1, first: instant, last: instant, example });
    return;
  }
  group.count += 1;
  if (instant < group.first) group.first = instant;
  if (instant > group.last) group.last = instant;
}
