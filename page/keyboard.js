// @ts-check

/**
 * Binds single keys to actions, wherever the focus is but in a field that takes text. Escape works there too.
 *
 * @param {Record<string, () => void>} actions by `KeyboardEvent.key`
 */
export function bindKeys(actions) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector('dialog[open]')) return;
    if (event.key !== 'Escape' && takesText(event.target)) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** @param {EventTarget | null} target */
function takesText(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}
