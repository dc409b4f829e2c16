import { deadLettersIn, type LogClient } from '../client/log-client.ts';
import { asLongAsItTakes, type Patience } from '../client/patience.ts';
import { readableTime } from '../client/time.ts';
import type { DeadLetter } from '../entities/dead-letter.ts';
import { copyRows } from './copy-rows.ts';
import { byId, element } from './document.ts';
import type { Notices } from './notices.ts';
import { showText } from './show-text.ts';

const PAGE_SIZE = 100;
const PREVIEW_LENGTH = 200;

/** The view of refused records, newest first: why each was refused, and the record as it came. */
export function createDeadLetters(client: LogClient, notices: Notices) {
  const letters = byId('letters', HTMLOListElement);
  const older = byId('older-letters', HTMLButtonElement);
  const text = byId('letters-text', HTMLParagraphElement);
  let reading = new AbortController();
  let next: URL | undefined;
  let local = false;

  async function read(): Promise<void> {
    const url = next;
    if (!url) return;
    const { signal } = reading;
    older.hidden = true;
    notices.loading();
    try {
      const patience: Patience = {
        wait: asLongAsItTakes,
        signal,
        onOutage: (error, wait) => (error ? notices.failed(error, wait) : notices.clearProblem()),
        onSlow: notices.slow,
      };
      const { value: page } = await client.pages(url, deadLettersIn, patience).next();
      if (!page || signal.aborted) return;
      next = page.next;
      letters.append(...page.letters.map((letter) => createLetter(letter, local)));
      older.hidden = next === undefined;
      text.textContent = letters.childElementCount > 0 ? '' : 'Nothing was refused.';
      notices.end('more');
    } catch (error) {
      if (!signal.aborted) notices.failed(error);
    }
  }

  older.addEventListener('click', read);
  copyRows(letters, {
    messageOf: (line) => line.closest('.entry')?.querySelector('pre')?.textContent ?? undefined,
  });

  return {
    /** Shows the newest. */
    async show(inLocalTime: boolean): Promise<void> {
      reading.abort();
      reading = new AbortController();
      local = inLocalTime;
      next = client.urlOf(`/dead-letters?limit=${PAGE_SIZE}`);
      letters.replaceChildren();
      text.textContent = '';
      await read();
    },
    /** Asks again for the page that failed. */
    retry: read,
    hide() {
      reading.abort();
    },
  };
}

function createLetter({ refusedAt, errors, raw, sender }: DeadLetter, local: boolean): HTMLLIElement {
  const time = element('time', '', readableTime(refusedAt, local));
  time.dateTime = refusedAt;
  const reasons = element('span', 'reasons', '');
  showText(reasons, errors.map(({ path, message }) => `${path} ${message}`.trim()).join('; '));
  const preview = element('span', 'message', '');
  showText(preview, raw.slice(0, PREVIEW_LENGTH));
  const summary = element('summary', 'letter', '');
  summary.append(time, reasons, preview);

  const full = element('pre', '', '');
  full.tabIndex = 0;
  full.role = 'group';
  full.ariaLabel = 'The record as it came';
  showText(full, raw);
  const faults = element('ul', 'faults', '');
  for (const { path, message } of errors) {
    const fault = element('li', '', '');
    showText(fault, `${path} ${message}`.trim());
    faults.append(fault);
  }
  const whole = element('div', 'detail', '');
  if (sender !== undefined) {
    const origin = element('li', '', '');
    showText(origin, `sent with the API key ${sender}`);
    faults.append(origin);
  }
  whole.append(faults, full);
  const details = element('details', '', '');
  details.append(summary, whole);
  const item = element('li', 'entry', '');
  item.append(details);
  return item;
}
