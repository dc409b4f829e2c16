import { wordsOf } from '../client/query.ts';
import { printAttribute } from '../client/search-query.ts';
import { isWord } from '../entities/token-filter.ts';
import type { ViewState } from './view-state.ts';

/** What to try where no entry matches a view: of what is asked for, that which most often leaves out what is meant. */
export function adviceForEmpty(state: ViewState): string {
  const { severity, contains, excludes, where, whereNot, last, from, to } = state;
  const ids = wordsOf(state);
  const texts = contains.filter((text) => !ids.includes(text));
  const word = texts.find((text) => isWord(text) && /\d/.test(text));
  const hasRange = [last, from, to].some((bound) => bound !== '');
  const [attribute] = where;
  const tips = [
    ...(attribute ? [`To search the messages for ${printAttribute(attribute)}, put it in quotes.`] : []),
    ...(word ? [`Texts are searched for in messages; word:${word} also looks in ids and attributes.`] : []),
    ...(ids.length > 0 ? [`What names ${ids[0]} may have expired.`] : []),
    ...(hasRange ? ['Widen the time range.'] : []),
    ...(severity.length > 0 ? ['Show more severities.'] : []),
    ...(excludes.length + whereNot.length > 0 ? ['Leave out less.'] : []),
  ];
  return tips.join(' ');
}
