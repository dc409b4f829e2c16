/**
 * Puts a text on the clipboard. On plain http there is no clipboard API: the browser is then asked to copy a text
 * that is selected for a moment. Resolves to whether the browser has done it.
 */
export async function copyText(text: string): Promise<boolean> {
  if (!isSecureContext || !navigator.clipboard) return copySelected(text);
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => copySelected(text),
  );
}

function copySelected(text: string): boolean {
  const { activeElement } = document;
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'offscreen';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (activeElement instanceof HTMLElement) activeElement.focus({ preventScroll: true });
  return done;
}
