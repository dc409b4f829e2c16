import type { Completion } from '../client/complete-search.ts';
import { escapeLine } from '../client/control-characters.ts';
import type { Field } from '../client/field-counts.ts';
import type { LogEntry } from '../entities/entry.ts';
import { byId, element, settingOf } from './document.ts';
import { secondScript } from './when-needed.ts';

/**
 * Offers completions below the search field, as a combobox with a list (ARIA Authoring Practices): the arrow keys
 * choose one, Enter or Tab takes it, Escape closes the list.
 * @param entriesNow the entries of the list, the newest first: their attributes are offered
 * @param onTaken called after a completion is in the field
 */
export function createCompletions(
  input: HTMLInputElement,
  { entriesNow, onTaken }: { entriesNow: () => readonly LogEntry[]; onTaken: () => void },
) {
  const list = byId('completions', HTMLElement);
  const searches: Record<string, string> = JSON.parse(settingOf('searches') || '{}');
  let fields: readonly Field[] | undefined;
  let shown: Completion[] = [];
  let chosen = -1;

  const choose = (place: number) => {
    chosen = place;
    for (const [at, option] of [...list.children].entries()) option.ariaSelected = String(at === chosen);
    const option = list.children[chosen];
    option?.scrollIntoView({ block: 'nearest' });
    if (option) input.setAttribute('aria-activedescendant', option.id);
    else input.removeAttribute('aria-activedescendant');
  };

  const show = (completions: Completion[]) => {
    shown = completions;
    list.replaceChildren(...shown.map(createOption));
    list.hidden = shown.length === 0;
    input.ariaExpanded = String(!list.hidden);
    choose(-1);
  };
  const close = () => show([]);

  const take = (completion: Completion | undefined) => {
    if (!completion) return;
    input.value = completion.typed;
    onTaken();
    suggest();
  };

  /** The attributes are counted once while the field has the focus. */
  const suggest = () => {
    if (!secondScript.now) {
      secondScript.get().then(() => document.activeElement === input && suggest());
      return;
    }
    const { completingFields, completionsOf } = secondScript.now;
    const { value, selectionStart } = input;
    fields ??= completingFields(entriesNow());
    show(selectionStart === value.length ? completionsOf(value, fields, searches) : []);
  };

  const keys: Record<string, () => void> = {
    ArrowDown: () => choose((chosen + 1) % shown.length),
    ArrowUp: () => choose((chosen <= 0 ? shown.length : chosen) - 1),
    Escape: close,
    Enter: () => take(shown[chosen]),
    Tab: () => take(shown[chosen]),
  };

  input.addEventListener('input', suggest);
  input.addEventListener('keydown', (event) => {
    const action = keys[event.key];
    const needsChoice = event.key === 'Enter' || event.key === 'Tab';
    if (!action || event.isComposing || list.hidden || (needsChoice && chosen < 0)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    action();
  });
  input.addEventListener('blur', () => {
    fields = undefined;
    close();
  });
  // Pressing an option must not take the focus from the field.
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', ({ target }) => {
    const option = target instanceof Element ? target.closest('[role="option"]') : null;
    if (option) take(shown[[...list.children].indexOf(option)]);
  });
  return {
    close,
    /** Whether one is chosen and not taken yet. */
    get isChoosing() {
      return chosen >= 0;
    },
  };
}

function createOption({ label, count }: Completion, place: number): HTMLElement {
  const option = element('div', '', escapeLine(label));
  option.role = 'option';
  option.id = `completion-${place}`;
  if (count !== undefined) option.append(element('span', 'count', count.toLocaleString('en')));
  return option;
}
