/** A text field. Its value is reported once the typing pauses, or at once with Enter or on leaving the field. */
export interface TypedField {
  /** Returns the value that was typed and not reported yet. It then counts as reported. */
  take(): string | undefined;
}

/**
 * @param pause milliseconds without a key press after which the value is reported
 * @param onValue called with each value; `isSameEdit` says that the field was not left since the last one
 */
export function createTypedField(
  input: HTMLInputElement,
  pause: number,
  onValue: (value: string, isSameEdit: boolean) => void,
): TypedField {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSameEdit = false;

  const take = () => {
    if (timer === undefined) return undefined;
    clearTimeout(timer);
    timer = undefined;
    return input.value;
  };
  const report = () => {
    const value = take();
    if (value === undefined) return;
    const wasSameEdit = isSameEdit;
    isSameEdit = true;
    onValue(value, wasSameEdit);
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(report, pause);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing) report();
  });
  input.addEventListener('blur', () => {
    report();
    isSameEdit = false;
  });
  return { take };
}
