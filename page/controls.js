// @ts-check
import { byId } from './elements.js';
import { readableTime } from './instant.js';

const TYPING_PAUSE = 300;
const SEVERITIES = ['error', 'warning', 'info'];

/**
 * The controls above the list: they show the state, and tell of each change the user makes to it.
 *
 * @typedef {import('./view-state.js').ViewState} ViewState
 *
 * @param {(change: Partial<ViewState>) => void} onChange
 */
export function createControls(onChange) {
  const contains = byId('contains', HTMLInputElement);
  const last = byId('last', HTMLSelectElement);
  const bounds = byId('bounds', HTMLSpanElement);
  const from = byId('from', HTMLInputElement);
  const to = byId('to', HTMLInputElement);
  const follow = byId('follow', HTMLButtonElement);
  const local = byId('local', HTMLButtonElement);
  const chips = [...byId('severities', HTMLFieldSetElement).querySelectorAll('button')];
  let typing = 0;
  /** @type {ViewState} */
  let state;

  const shown = () => (state.severity.length === 0 ? SEVERITIES : state.severity);

  /**
   * @param {string} severity
   * @param {boolean} alone
   */
  const toggleSeverity = (severity, alone) => {
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
    /** @param {ViewState} now */
    show(now) {
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
    /** @param {readonly import('./follow.d.ts').Entry[]} entries */
    count(entries) {
      for (const chip of chips) {
        const count = entries.filter(({ severity }) => severity === chip.value).length;
        const output = chip.querySelector('output');
        if (output) output.value = shown().includes(chip.value) ? count.toLocaleString('en') : '';
      }
    },
  };
}

/**
 * What a datetime-local field stands for: it has no zone of its own.
 *
 * @param {string} value
 * @param {boolean} local
 */
function instantFrom(value, local) {
  return value === '' ? '' : new Date(local ? value : `${value}Z`).toISOString();
}

/**
 * Empty for what is no datetime, as a mistyped address holds: the service's answer then says so.
 *
 * @param {string} datetime
 * @param {boolean} local
 */
function inputValue(datetime, local) {
  try {
    return readableTime(datetime, local).slice(0, 19).replace(' ', 'T');
  } catch {
    return '';
  }
}
