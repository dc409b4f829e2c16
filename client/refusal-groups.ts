import type { DeadLetter } from '../entities/dead-letter.ts';
import { patternOf } from './message-pattern.ts';
import { reasonsOf } from './read-dead-letters.ts';

/** Refusals for the same reasons, but for numbers and quoted texts in them. The last refused is the first. */
export type RefusalGroup = DeadLetter[];

/** Groups dead letters by their reasons, in the order in which these come first. */
export function createRefusalGroups() {
  const groups = new Map<string, RefusalGroup>();
  return {
    /** Returns the groups that have new letters. */
    add(letters: readonly DeadLetter[]): ReadonlySet<RefusalGroup> {
      const changed = new Set<RefusalGroup>();
      for (const letter of letters) {
        const reasons = patternOf(reasonsOf(letter));
        const group = groups.get(reasons) ?? [];
        groups.set(reasons, group);
        group.push(letter);
        changed.add(group);
      }
      return changed;
    },
    get all(): RefusalGroup[] {
      return [...groups.values()];
    },
  };
}
