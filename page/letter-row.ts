import { reasonsOf } from '../client/read-dead-letters.ts';
import type { RefusalGroup } from '../client/refusal-groups.ts';
import { readableTime } from '../client/time.ts';
import type { DeadLetter } from '../entities/dead-letter.ts';
import { element } from './document.ts';
import { showText } from './show-text.ts';

const PREVIEW_LENGTH = 200;
/** Records of a group that are shown. Those beyond are of no other kind, and an export has them. */
const MOST_SHOWN = 20;

/** A group of refusals in the list: when, how many and why, and below it the records while it is open. */
export interface LetterRow {
  item: HTMLLIElement;
  /** Shows the group again after letters have been added to it. */
  update(): void;
}

/** A closed row. @param local whether times are in local time */
export function createLetterRow(group: RefusalGroup, local: boolean): LetterRow {
  const [last] = group as [DeadLetter];
  const time = element('time', '', readableTime(last.refusedAt, local));
  time.dateTime = last.refusedAt;
  const count = element('span', 'severity', '');
  const reasons = element('span', 'reasons', '');
  showText(reasons, reasonsOf(last));
  const preview = element('span', 'message id', '');
  showText(preview, last.raw.slice(0, PREVIEW_LENGTH));
  const summary = element('summary', 'line letter', '');
  summary.append(time, count, reasons, preview);
  const details = element('details', '', '');
  details.append(summary);
  const item = element('li', 'entry', '');
  item.append(details);

  const update = () => {
    count.textContent = `×${group.length.toLocaleString('en')}`;
    count.title = `${group.length.toLocaleString('en')} refused for this`;
    summary.nextElementSibling?.remove();
    if (details.open) details.append(createRecords(group, local));
  };
  details.addEventListener('toggle', update);
  update();
  return { item, update };
}

function createRecords(group: RefusalGroup, local: boolean): HTMLDivElement {
  const records = element('div', 'detail', '');
  let reasons = '';
  for (const letter of group.slice(0, MOST_SHOWN)) {
    // Those of a group mostly have the same.
    if (reasonsOf(letter) !== reasons) records.append(createFaults(letter));
    reasons = reasonsOf(letter);
    records.append(...createRecord(letter, local));
  }
  const more = group.length - MOST_SHOWN;
  if (more > 0)
    records.append(element('p', '', `and ${more.toLocaleString('en')} more: the export has them`));
  return records;
}

function createFaults({ errors }: DeadLetter): HTMLUListElement {
  const faults = element('ul', 'faults', '');
  for (const { path, message } of errors) {
    const fault = element('li', '', '');
    showText(fault, `${path} ${message}`.trim());
    faults.append(fault);
  }
  return faults;
}

function createRecord({ refusedAt, raw, sender }: DeadLetter, local: boolean): HTMLElement[] {
  const origin = element('p', '', '');
  const by = sender === undefined ? '' : `, sent with the API key ${sender}`;
  showText(origin, `Refused at ${readableTime(refusedAt, local)}${by}`);
  const record = element('pre', '', '');
  record.tabIndex = 0;
  record.role = 'group';
  record.ariaLabel = 'The record as it came';
  showText(record, raw);
  return [origin, record];
}
