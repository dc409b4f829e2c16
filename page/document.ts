/** Keys that scroll a text which can be scrolled. */
const SCROLLING = new Set(['ArrowDown', 'ArrowUp', 'Home', 'End']);

/** An element of index.html by its id. @throws TypeError when it is not of the expected kind */
export function byId<Kind extends Element>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`index.html has no ${kind.name} #${id}`);
  return found;
}

/** A setting that index.html carries as a meta element; empty where it has none. */
export function settingOf(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';
}

/** What this browser keeps under a name. A browser may forbid to keep anything. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It is not kept.
  }
}

/** A new HTML element that shows a text, which is never read as markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  text: string,
) {
  const created = document.createElement(name);
  created.className = className;
  created.textContent = text;
  return created;
}

/** A new SVG element with these attributes. */
export function svgElement<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Record<string, string | number>,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, String(value));
  return element;
}

/**
 * Binds single keys to actions, by `KeyboardEvent.key`. In a field that takes text only Escape is bound, in a dialog or
 * the open panel no key is, and in a long message not those that scroll it.
 * @param isOn whether a key is bound just now
 */
export function bindKeys(isOn: (key: string) => boolean, actions: Record<string, () => void>): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector('dialog[open], :popover-open')) return;
    if (event.key !== 'Escape' && takesText(event.target)) return;
    if (event.target instanceof HTMLPreElement && SCROLLING.has(event.key)) return;
    const action = actions[event.key];
    if (!action || !isOn(event.key)) return;
    event.preventDefault();
    action();
  });
}

/**
 * Puts a text on the clipboard. On plain http there is no clipboard API: the text is then selected for a moment and
 * copied by the browser. Resolves to whether that has worked.
 */
export async function copyText(text: string): Promise<boolean> {
  if (!isSecureContext || !navigator.clipboard) return copySelected(text);
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => copySelected(text),
  );
}

/** A checkbox takes none: the browser leaves the focus on that of a dialog for a moment after the dialog is closed. */
export function takesText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

function copySelected(text: string): boolean {
  const { activeElement } = document;
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (activeElement instanceof HTMLElement) activeElement.focus({ preventScroll: true });
  return done;
}
