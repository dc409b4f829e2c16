/**
 * Reports the value of a field once the typing pauses, or at once with Enter or on leaving the field.
 * @param pause milliseconds without a key press after which the value is reported
 * @param onValue called with each value; `isSameEdit` says that the field was not left since the last one
 */
export function reportTyped(
  input: HTMLInputElement,
  pause: number,
  onValue: (value: string, isSameEdit: boolean) => void,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSameEdit = false;

  const report = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    const wasSameEdit = isSameEdit;
    isSameEdit = true;
    onValue(input.value, wasSameEdit);
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
}
