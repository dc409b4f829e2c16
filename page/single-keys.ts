import { byId } from './document.ts';

const SETTING = 'single-keys';

/**
 * The switch for keys of one character: whoever speaks to the computer would press them without meaning to (WCAG 2.2,
 * 2.1.4). The browser remembers it.
 * @returns whether a key is on
 */
export function createSingleKeys(): (key: string) => boolean {
  const field = byId('single-keys', HTMLInputElement);
  field.checked = recall() !== 'off';
  field.addEventListener('change', () => remember(field.checked ? 'on' : 'off'));
  return (key) => field.checked || key.length > 1;
}

/** A browser may forbid to keep anything. The switch then lasts as long as the page. */
function recall(): string | null {
  try {
    return localStorage.getItem(SETTING);
  } catch {
    return null;
  }
}

function remember(value: string): void {
  try {
    localStorage.setItem(SETTING, value);
  } catch {
    // It is not kept.
  }
}
