import { readableTime } from '../client/readable-time.ts';
import { type LogEntry, SEVERITIES } from '../entities/entry.ts';
import { byId } from './elements.ts';
import type { ViewState } from './view-state.ts';

/** Milliseconds without a key press after which the text is searched for. */
const TYPING_PAUSE = 300;

/** The controls above the list. They show the state, and report each change that the user makes to it. */
export function createControls(onChange: (change: Partial<ViewState>) => void) {
  const contains = byId('contains', HTMLInputElement);
  const last = byId('last', HTMLSelectElement);
  const bounds = byId('bounds', HTMLSpanElement);
  const from = byId('from', HTMLInputElement);
  const to = byId('to', HTMLInputElement);
  const follow = byId('follow', HTMLButtonElement);
  const local = byId('local', HTMLButtonElement);
  const chips = [...byId('severities', HTMLFieldSetElement).querySelectorAll('button')];
  let typing: ReturnType<typeof setTimeout> | undefined;
  let state: ViewState;

  const shown = (): readonly string[] => (state.severity.length === 0 ? SEVERITIES : state.severity);

  const toggleSeverity = (severity: string, alone: boolean) => {
    const others = alone ? [] : shown().filter((name) => name !== severity);
    const chosen = !alone && shown().includes(severity) ? others : [...others, severity];
    onChange({ severity: chosen.length === SEVERITIES.length ? [] : chosen });
  };

  const toggleFollow = () => onChange({ follow: !state.follow, to: '' });
  const toggleLocal = () => onChange({ local: !state.local });

  byId('filters', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
  contains.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => onChange({ contains: contains.value }), TYPING_PAUSE);
  });
  for (const chip of chips)
    chip.addEventListener('click', (event) => toggleSeverity(chip.value, event.shiftKey));
  last.addEventListener('change', () => {
    if (last.value !== 'custom') return onChange({ last: last.value, from: '', to: '' });
    bounds.hidden = false;
    from.focus();
  });
  from.addEventListener('change', () => onChange({ last: '', from: instantFrom(from.value, state.local) }));
  to.addEventListener('change', () =>
    onChange({ last: '', to: instantFrom(to.value, state.local), follow: false }),
  );
  follow.addEventListener('click', toggleFollow);
  local.addEventListener('click', toggleLocal);

  return {
    toggleSeverity,
    toggleFollow,
    toggleLocal,
    focusSearch() {
      contains.focus();
      contains.select();
    },
    show(now: ViewState) {
      state = now;
      if (contains.value !== now.contains) contains.value = now.contains;
      for (const chip of chips) chip.ariaPressed = String(shown().includes(chip.value));
      if (now.last && ![...last.options].some(({ value }) => value === now.last))
        last.add(new Option(`Last ${now.last}`, now.last));
      last.value = now.from || now.to ? 'custom' : now.last;
      bounds.hidden = last.value !== 'custom';
      from.value = inputValue(now.from, now.local);
      to.value = inputValue(now.to, now.local);
      follow.ariaPressed = String(now.follow);
      local.ariaPressed = String(now.local);
    },
    count(entries: readonly LogEntry[]) {
      for (const chip of chips) {
        const count = entries.filter(({ severity }) => severity === chip.value).length;
        const output = chip.querySelector('output');
        if (output) output.value = shown().includes(chip.value) ? count.toLocaleString('en') : '';
      }
    },
  };
}

/** The datetime that a datetime-local field stands for. The field has no zone of its own. */
function instantFrom(value: string, local: boolean): string {
  return value === '' ? '' : new Date(local ? value : `${value}Z`).toISOString();
}

/** Empty for a text that is no datetime, such as one from a mistyped address: the service refuses that one. */
function inputValue(datetime: string, local: boolean): string {
  try {
    return readableTime(datetime, local).slice(0, 19).replace(' ', 'T');
  } catch {
    return '';
  }
}
