import { readableTime } from '../client/time.ts';
import { byId, element } from './document.ts';
import type { Bar } from './time-bars.ts';

/** The histogram as a table in a dialog, newest first and without empty bars. A time leads to its bar alone. */
export function showHistogramTable(bars: readonly Bar[], local: boolean, onBar: (bar: Bar) => void): void {
  const dialog = byId('bars', HTMLDialogElement);
  const filled = bars.filter(({ error, warning, info }) => error + warning + info > 0).toReversed();
  const lines = filled.map((bar) =>
    createLine(bar, local, () => {
      dialog.close();
      onBar(bar);
    }),
  );
  dialog.querySelector('tbody')?.replaceChildren(...lines);
  dialog.showModal();
}

function createLine({ start, error, warning, info }: Bar, local: boolean, onTime: () => void): HTMLElement {
  const time = element('button', '', readableTime(new Date(start).toISOString(), local));
  time.type = 'button';
  time.addEventListener('click', onTime);
  const head = element('th', '', '');
  head.scope = 'row';
  head.append(time);
  const line = element('tr', '', '');
  const counts = [error, warning, info].map((count) => count.toLocaleString('en'));
  line.append(head, ...counts.map((count) => element('td', '', count)));
  return line;
}
