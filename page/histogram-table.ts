import { readableTime } from '../client/time.ts';
import { byId, element } from './document.ts';
import type { Bar } from './time-bars.ts';

/** The histogram as a table in a dialog, newest first and without empty bars. A time leads to its bar alone. */
export function createHistogramTable(onBar: (bar: Bar) => void) {
  const dialog = byId('bars', HTMLDialogElement);
  const body = dialog.querySelector('tbody');

  const createLine = (bar: Bar, local: boolean): HTMLElement => {
    const time = element('button', '', readableTime(new Date(bar.start).toISOString(), local));
    time.type = 'button';
    time.addEventListener('click', () => {
      dialog.close();
      onBar(bar);
    });
    const head = element('th', '', '');
    head.scope = 'row';
    head.append(time);
    const line = element('tr', '', '');
    const counts = [bar.error, bar.warning, bar.info].map((count) => count.toLocaleString('en'));
    line.append(head, ...counts.map((count) => element('td', '', count)));
    return line;
  };

  return {
    show(bars: readonly Bar[], local: boolean) {
      const filled = bars.filter(({ error, warning, info }) => error + warning + info > 0).toReversed();
      body?.replaceChildren(...filled.map((bar) => createLine(bar, local)));
      dialog.showModal();
    },
  };
}
