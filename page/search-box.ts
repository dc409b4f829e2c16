import { escapeLine } from '../client/control-characters.ts';
import {
  EMPTY_SEARCH,
  parseSearch,
  partsOf,
  printAttribute,
  printSearch,
  type Search,
} from '../client/search-query.ts';
import type { LogEntry } from '../entities/entry.ts';
import { createCompletions } from './completions.ts';
import { byId, element } from './document.ts';
import { searchOf, type ViewState, withSearch } from './view-state.ts';

/** Milliseconds without a key press after which what is typed is searched for. */
const PAUSE = 500;
/** A part with a value that may go on. */
const UNFINISHED = /\S+[=:](?:"[^"]*|\S*)$/;

export interface SearchBoxParts {
  state: () => ViewState;
  /** `isSameEdit` says that the change continues the last one. */
  onChange: (change: Partial<ViewState>, isSameEdit: boolean) => void;
  entriesNow: () => readonly LogEntry[];
}

/**
 * The search field and its chips. What is typed is searched for once the typing pauses. With Enter, and when the field
 * is left, each part of it becomes a chip, which a click removes. Severities have buttons of their own.
 */
export function createSearchBox({ state, onChange, entriesNow }: SearchBoxParts) {
  const input = byId('search', HTMLInputElement);
  const chips = byId('parts', HTMLFieldSetElement);
  /** The search without what is in the field, and what of that is searched for. */
  let kept = EMPTY_SEARCH;
  let typed = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSameEdit = false;

  /** The search of the chips and of a text in the field. */
  const joinedWith = (text: string) =>
    joined(kept, parseSearch(text, { now: Date.now(), local: state().local }));

  const report = (search: Search) => {
    if (isSame(search, searchOf(state()))) return;
    const wasSameEdit = isSameEdit;
    isSameEdit = true;
    onChange(withSearch(state(), search), wasSameEdit);
  };

  /** Searches for what is typed. A moment needs Enter: a time that is being typed is one after several of its digits. */
  const reportTyped = (text: string) => {
    const search = joinedWith(text);
    if (search.at !== kept.at || completions.isChoosing) return;
    typed = text;
    report(search);
  };
  const reportSoon = (text: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => reportTyped(text), PAUSE);
  };

  /** Empties the field into the chips. */
  const take = () => {
    clearTimeout(timer);
    kept = joinedWith(input.value);
    typed = '';
    input.value = '';
    completions.close();
  };

  const commit = () => {
    const { at } = kept;
    take();
    const isMoment = kept.at !== at;
    report(kept);
    isSameEdit = false;
    showChips();
    // The focus goes to the row of the moment.
    if (isMoment) input.blur();
  };

  const showChips = () => {
    const texts = partsOf({ ...kept, severity: [] }).map(({ text }) => text);
    chips.hidden = texts.length === 0;
    // A chip that stays must not be moved, or a press on it that leaves the field would be no click.
    const known = [...chips.querySelectorAll('button')];
    for (const chip of known) if (!texts.includes(chip.value)) chip.remove();
    const added = texts.filter((text) => !known.some(({ value }) => value === text));
    chips.append(...added.map(createChip));
    // Who goes on to type sees what became of it. A press elsewhere must hit what is there.
    if (added.length > 0 && document.activeElement === input)
      chips.lastElementChild?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };

  const createChip = (text: string): HTMLButtonElement => {
    const shown = escapeLine(text);
    const chip = element('button', text.startsWith('-') ? 'filter not' : 'filter', shown);
    chip.type = 'button';
    chip.value = text;
    chip.ariaLabel = `Remove ${shown}`;
    chip.title = chip.ariaLabel;
    return chip;
  };

  /** Takes a part out of the search. Returns whether there was one. */
  const remove = (text: string | undefined): boolean => {
    const part = partsOf({ ...kept, severity: [] }).find((one) => one.text === text);
    if (!part) return false;
    kept = { ...part.others, severity: kept.severity };
    report(joinedWith(typed));
    showChips();
    return true;
  };

  const completions = createCompletions(input, { entriesNow, onTaken: () => reportSoon(input.value) });
  input.addEventListener('input', (event) => {
    const isByKey = event instanceof InputEvent && event.inputType === 'insertText';
    reportSoon(isByKey ? input.value.replace(UNFINISHED, '') : input.value);
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'Enter') commit();
    const last = chips.querySelector<HTMLButtonElement>('button:last-of-type')?.value;
    // The last chip comes back into the empty field, to be edited.
    if (event.key !== 'Backspace' || input.value !== '' || !remove(last)) return;
    event.preventDefault();
    input.value = last ?? '';
  });
  input.addEventListener('blur', commit);
  chips.addEventListener('click', ({ target }) => {
    const chip = target instanceof Element ? target.closest('button') : null;
    if (!chip) return;
    input.focus();
    take();
    remove(chip.value);
  });

  return {
    focus() {
      input.focus();
      input.select();
    },
    /** Shows the search of a view, unless it is the one that is being typed. */
    show(now: ViewState) {
      const search = searchOf(now);
      if (isSame(search, joinedWith(typed))) return;
      typed = '';
      kept = search;
      input.value = '';
      showChips();
    },
  };
}

function isSame(one: Search, other: Search): boolean {
  return printSearch(one) === printSearch(other);
}

/** Both searches in one, each part once. A severity or a moment that is typed is in place of the one before. */
function joined(kept: Search, typed: Search): Search {
  const attributes = (list: 'where' | 'whereNot') => [
    ...new Map([...kept[list], ...typed[list]].map((one) => [printAttribute(one), one])).values(),
  ];
  const texts = (list: 'contains' | 'excludes' | 'word') => [...new Set([...kept[list], ...typed[list]])];
  return {
    severity: typed.severity.length > 0 ? typed.severity : kept.severity,
    contains: texts('contains'),
    excludes: texts('excludes'),
    word: texts('word'),
    where: attributes('where'),
    whereNot: attributes('whereNot'),
    at: typed.at || kept.at,
  };
}
