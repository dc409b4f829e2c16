import { escapeControls } from '../client/control-characters.ts';
import { readableTime } from '../client/time.ts';
import { SEVERITIES, type Severity } from '../entities/entry.ts';
import type { AttributeFilter } from '../entities/matches.ts';
import { byId, element } from './document.ts';
import { isSameSearch, parseSearch, writeSearch } from './search-text.ts';
import { createTypedField } from './typed-field.ts';
import { EVERYTHING, type ViewState } from './view-state.ts';

/** Milliseconds without a key press after which a text is searched for. */
const WORD_PAUSE = 500;
/** The same for a date, which is typed digit by digit and may be valid after each of them. */
const DATE_PAUSE = 1_000;

/** `isSameEdit` says that the change continues the last one: both are one step of the history. */
export type OnChange = (change: Partial<ViewState>, isSameEdit?: boolean) => void;

/** The controls above the list. They show the state, and report each change that the user makes to it. */
export function createControls(onChange: OnChange) {
  const search = byId('search', HTMLInputElement);
  const last = byId('last', HTMLSelectElement);
  const bounds = byId('bounds', HTMLSpanElement);
  const from = byId('from', HTMLInputElement);
  const to = byId('to', HTMLInputElement);
  const follow = byId('follow', HTMLButtonElement);
  const local = byId('local', HTMLButtonElement);
  const views = [byId('entries-view', HTMLButtonElement), byId('dead-letters-view', HTMLButtonElement)];
  const chips = [...byId('severities', HTMLFieldSetElement).querySelectorAll('button')];
  const attributes = byId('attributes', HTMLFieldSetElement);
  const legend = attributes.querySelector('legend') ?? '';
  let state = EVERYTHING;

  const typedText = createTypedField(search, WORD_PAUSE, (value, isSameEdit) =>
    onChange(parseSearch(value), isSameEdit),
  );
  createTypedField(from, DATE_PAUSE, (value, isSameEdit) =>
    onChange({ last: '', from: instantFrom(value, state.local) }, isSameEdit),
  );
  createTypedField(to, DATE_PAUSE, (value, isSameEdit) =>
    onChange({ last: '', to: instantFrom(value, state.local), follow: false }, isSameEdit),
  );

  /** Reports a change together with what was typed just before it. */
  const report = (change: Partial<ViewState>) => {
    const value = typedText.take();
    onChange(value === undefined ? change : { ...parseSearch(value), ...change });
  };

  const shown = (): readonly string[] => (state.severity.length === 0 ? SEVERITIES : state.severity);

  const toggleSeverity = (severity: string, alone: boolean) => {
    const others = alone ? [] : shown().filter((name) => name !== severity);
    const chosen = !alone && shown().includes(severity) ? others : [...others, severity];
    report({ severity: chosen.length === SEVERITIES.length ? [] : chosen });
  };

  const toggleFollow = () => report({ follow: !state.follow, to: '', at: '', id: '' });
  const toggleLocal = () => report({ local: !state.local });

  /** The button of a filter by attribute. A click removes the filter. */
  const createFilter = (list: 'where' | 'whereNot', attribute: AttributeFilter): HTMLButtonElement => {
    const condition = escapeControls(`${attribute.name}=${attribute.text}`);
    const text = list === 'where' ? condition : `not ${condition}`;
    const button = element('button', list === 'where' ? 'filter' : 'filter not', text);
    button.type = 'button';
    button.ariaLabel = `Remove ${text}`;
    button.title = button.ariaLabel;
    button.addEventListener('click', () => {
      search.focus();
      report({ [list]: state[list].filter((other) => other !== attribute) });
    });
    return button;
  };

  const showFilters = ({ where, whereNot }: ViewState) => {
    attributes.hidden = where.length === 0 && whereNot.length === 0;
    attributes.replaceChildren(
      legend,
      ...where.map((attribute) => createFilter('where', attribute)),
      ...whereNot.map((attribute) => createFilter('whereNot', attribute)),
    );
  };

  byId('filters', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
  for (const chip of chips)
    chip.addEventListener('click', (event) => toggleSeverity(chip.value, event.shiftKey));
  for (const button of views)
    button.addEventListener('click', () => report({ view: button.value as ViewState['view'] }));
  last.addEventListener('change', () => {
    if (last.value !== 'custom') return report({ last: last.value, from: '', to: '', at: '', id: '' });
    bounds.hidden = false;
    from.focus();
  });
  follow.addEventListener('click', toggleFollow);
  local.addEventListener('click', toggleLocal);

  return {
    toggleSeverity,
    toggleFollow,
    toggleLocal,
    focusSearch() {
      search.focus();
      search.select();
    },
    show(now: ViewState) {
      // Pressing a filter's button first takes the focus from the search field, which shows a new state. Filters that
      // are the same must keep their buttons, or the click would hit none.
      if (now.where !== state.where || now.whereNot !== state.whereNot) showFilters(now);
      state = now;
      // A search that is being typed may be spelled in another way than it would be written here.
      if (!isSameSearch(parseSearch(search.value), now)) search.value = writeSearch(now);
      for (const chip of chips) chip.ariaPressed = String(shown().includes(chip.value));
      for (const button of views) button.ariaPressed = String(button.value === now.view);
      if (now.last && ![...last.options].some(({ value }) => value === now.last))
        last.add(new Option(`Last ${now.last}`, now.last));
      last.value = now.from || now.to ? 'custom' : now.last;
      bounds.hidden = last.value !== 'custom';
      for (const [field, bound] of [
        [from, now.from],
        [to, now.to],
      ] as const)
        if (field !== document.activeElement) field.value = inputValue(bound, now.local);
      follow.ariaPressed = String(now.follow);
      local.ariaPressed = String(now.local);
    },
    count(counts: Readonly<Record<Severity, number>>) {
      for (const chip of chips) {
        const shownCount = chip.querySelector('.count');
        const count = counts[chip.value as Severity];
        if (shownCount)
          shownCount.textContent = shown().includes(chip.value) ? count.toLocaleString('en') : '';
      }
    },
    /** Says on the Follow button whether the service is unavailable. */
    showOutage(isUnavailable: boolean) {
      follow.classList.toggle('reconnecting', isUnavailable);
      follow.textContent = isUnavailable ? 'Reconnecting…' : 'Follow';
    },
  };
}

/** The datetime that a datetime-local field names. The field itself has no zone. */
function instantFrom(value: string, local: boolean): string {
  return value === '' ? '' : new Date(local ? value : `${value}Z`).toISOString();
}

/** Empty for a text that is no datetime, such as one from a mistyped address, which the service refuses. */
function inputValue(datetime: string, local: boolean): string {
  try {
    return readableTime(datetime, local).slice(0, 19).replace(' ', 'T');
  } catch {
    return '';
  }
}
