import { byId, recall, remember } from './document.ts';

const SETTING = 'single-keys';

/**
 * The switch for keys of one character: whoever speaks to the computer would press them without meaning to (WCAG 2.2,
 * 2.1.4). The browser remembers it.
 * @returns whether a key is on
 */
export function createSingleKeys(): (key: string) => boolean {
  const field = byId('single-keys', HTMLInputElement);
  field.checked = recall(SETTING) !== 'off';
  field.addEventListener('change', () => remember(SETTING, field.checked ? 'on' : 'off'));
  return (key) => field.checked || key.length > 1;
}
