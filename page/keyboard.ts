/** In a text that can be scrolled these scroll it. */
const SCROLLING = new Set(['ArrowDown', 'ArrowUp', 'Home', 'End']);

/**
 * Binds single keys to actions, by `KeyboardEvent.key`. In a field that takes text only Escape works, in a dialog
 * none, and in a long message the keys that scroll do that.
 */
export function bindKeys(actions: Record<string, () => void>): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector('dialog[open]')) return;
    if (event.key !== 'Escape' && takesText(event.target)) return;
    if (event.target instanceof HTMLPreElement && SCROLLING.has(event.key)) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}
