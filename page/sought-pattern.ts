import { foldsCase } from '../entities/matches.ts';

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
