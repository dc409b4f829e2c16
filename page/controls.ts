import { readBound } from '../client/read-moment.ts';
import { localOffset, readableTime } from '../client/time.ts';
import { type LogEntry, SEVERITIES, type Severity } from '../entities/entry.ts';
import { byId } from './document.ts';
import { createSearchBox } from './search-box.ts';
import type { SeverityCounts } from './severity-counts.ts';
import { reportTyped } from './typed-field.ts';
import { EVERYTHING, type ViewState } from './view-state.ts';

/** Milliseconds without a key press after which a date is taken: typed digit by digit, it may be valid after each. */
const DATE_PAUSE = 1_000;

/** `isSameEdit` says that the change continues the last one: both are one step of the history. */
export type OnChange = (change: Partial<ViewState>, isSameEdit?: boolean) => void;

/** The controls above the list. They show the state, and report each change that the user makes to it. */
export function createControls(onChange: OnChange, entriesNow: () => readonly LogEntry[]) {
  const last = byId('last', HTMLSelectElement);
  const bounds = byId('bounds', HTMLSpanElement);
  const from = byId('from', HTMLInputElement);
  const to = byId('to', HTMLInputElement);
  const follow = byId('follow', HTMLButtonElement);
  const local = byId('local', HTMLButtonElement);
  const views = [byId('entries-view', HTMLButtonElement), byId('dead-letters-view', HTMLButtonElement)];
  const chips = [...byId('severities', HTMLFieldSetElement).querySelectorAll('button')];
  const zone = byId('zone', HTMLElement);
  let state = EVERYTHING;

  const searchBox = createSearchBox({ state: () => state, onChange, entriesNow });
  const setFrom = (value: string, isSameEdit = false) => onChange({ last: '', from: value }, isSameEdit);
  const setTo = (value: string, isSameEdit = false) =>
    onChange({ last: '', to: value, follow: false }, isSameEdit);
  for (const [field, set] of [
    [from, setFrom],
    [to, setTo],
  ] as const) {
    reportTyped(field, DATE_PAUSE, (value, isSameEdit) => set(instantFrom(value, state.local), isSameEdit));
    // The field itself takes only the form in which it shows a time.
    field.addEventListener('paste', (event) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const moment = readBound(text, { now: Date.now(), local: state.local });
      if (moment === undefined) return;
      event.preventDefault();
      field.value = inputValue(moment, state.local);
      set(moment);
    });
  }

  const shown = (): readonly string[] => (state.severity.length === 0 ? SEVERITIES : state.severity);

  const toggleSeverity = (severity: string, alone: boolean) => {
    const others = alone ? [] : shown().filter((name) => name !== severity);
    const chosen = !alone && shown().includes(severity) ? others : [...others, severity];
    onChange({ severity: chosen.length === SEVERITIES.length ? [] : chosen });
  };

  const toggleFollow = () => onChange({ follow: !state.follow, to: '', at: '', id: '' });
  const toggleLocal = () => onChange({ local: !state.local });

  byId('filters', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
  for (const chip of chips)
    chip.addEventListener('click', (event) => toggleSeverity(chip.value, event.shiftKey));
  for (const button of views)
    button.addEventListener('click', () => onChange({ view: button.value as ViewState['view'] }));
  last.addEventListener('change', () => {
    if (last.value !== 'custom') return onChange({ last: last.value, from: '', to: '', at: '', id: '' });
    bounds.hidden = false;
    from.focus();
  });
  follow.addEventListener('click', toggleFollow);
  local.addEventListener('click', toggleLocal);

  return {
    toggleSeverity,
    toggleFollow,
    toggleLocal,
    focusSearch: searchBox.focus,
    show(now: ViewState) {
      state = now;
      searchBox.show(now);
      zone.textContent = now.local ? localOffset(new Date(Date.parse(now.from) || Date.now())) : 'UTC';
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
    /** @param hasMore whether there may be more entries than these */
    count({ counts, hasMore }: SeverityCounts) {
      for (const chip of chips) {
        const severity = chip.value as Severity;
        const count = `${counts[severity].toLocaleString('en')}${hasMore[severity] ? '+' : ''}`;
        const shownCount = chip.querySelector('.count');
        if (shownCount) shownCount.textContent = shown().includes(severity) ? count : '';
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
