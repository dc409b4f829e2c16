import type { Lines } from '../client/entry-text.ts';
import type { LogClient } from '../client/log-client.ts';
import { asLongAsItTakes, type Patience } from '../client/patience.ts';
import { millisecondsOf, readableSecond } from '../client/time.ts';
import { byId } from './document.ts';
import { type Count, deadLettersOf, type ExportSource, entriesOf } from './export-source.ts';
import type { ViewState } from './view-state.ts';

const TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv' };
type Form = keyof typeof TYPES;
/** Without it, Excel reads a CSV file in the code page of its user. */
const BYTE_ORDER_MARK = '\ufeff';

/** The dialog that says how much a view has, and saves it to a file, page by page as the service gives it. */
export function createExporter(client: LogClient) {
  const dialog = byId('export', HTMLDialogElement);
  const counted = byId('export-count', HTMLParagraphElement);
  const columns = byId('export-columns', HTMLInputElement);
  const mark = byId('export-mark', HTMLInputElement);
  const progress = byId('export-progress', HTMLParagraphElement);
  const stop = byId('export-stop', HTMLButtonElement);
  const buttons = [byId('export-ndjson', HTMLButtonElement), byId('export-csv', HTMLButtonElement)];
  let reading = new AbortController();
  let save: (form: Form) => Promise<void>;

  const patienceOf = ({ signal }: AbortController): Patience => ({
    wait: asLongAsItTakes,
    signal,
    onOutage: (error) => {
      progress.textContent = error ? `${error.message}. Trying again…` : '';
    },
    onSlow: () => {
      progress.textContent = 'The service has not answered yet. Still waiting…';
    },
  });

  async function count(source: Pick<ExportSource<unknown>, 'count' | 'words'>): Promise<void> {
    const { words } = source;
    counted.textContent = 'Counting…';
    let last: Count = { count: 0, isWhole: true };
    const { signal } = reading;
    try {
      for await (last of source.count(patienceOf(reading)))
        counted.textContent = `${amountOf(last.count, words)} so far…`;
      counted.textContent = signal.aborted
        ? ''
        : `${last.isWhole ? '' : 'At least '}${amountOf(last.count, words)}`;
    } catch {
      counted.textContent = 'Could not be counted';
    }
  }

  async function saveAs<Item>(source: ExportSource<Item>, form: Form, local: boolean): Promise<void> {
    reading.abort();
    reading = new AbortController();
    setRunning(true);
    const table = form === 'csv' && columns.checked ? source.table?.() : undefined;
    const pages: Blob[] = [];
    let saved = 0;
    try {
      for await (const items of source.pages(patienceOf(reading))) {
        table?.add(items);
        // The browser can keep a blob on disk, while one long text would stay in memory.
        pages.push(new Blob([table?.pack(items) ?? linesOf(source[form], items)]));
        saved += items.length;
        const oldest = items.at(-1);
        if (!oldest) continue;
        const time = readableSecond(millisecondsOf(source.instantOf(oldest)), local);
        progress.textContent = `${amountOf(saved, source.words)}, back to ${time}`;
      }
      const isWhole = !reading.signal.aborted;
      const { head } = table?.lines ?? source[form];
      const parts = [form === 'csv' && mark.checked ? BYTE_ORDER_MARK : '', head];
      const lines = table ? await unpacked(pages, table) : pages;
      if (dialog.open)
        download(new Blob([...parts, ...lines], { type: TYPES[form] }), `${source.name}.${form}`);
      progress.textContent = `${amountOf(saved, source.words)} saved${isWhole ? '' : ': stopped before the end'}`;
    } catch (error) {
      progress.textContent = `Nothing saved: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      setRunning(false);
    }
  }

  function setRunning(isRunning: boolean): void {
    stop.hidden = !isRunning;
    for (const button of buttons) button.disabled = isRunning;
    if (isRunning) progress.textContent = 'Reading…';
  }

  /** Offers to save a source, and counts it. @param local whether times are said in local time */
  function open<Item>(source: ExportSource<Item>, local: boolean): void {
    reading = new AbortController();
    save = (form) => saveAs(source, form, local);
    columns.disabled = source.table === undefined;
    progress.textContent = '';
    setRunning(false);
    dialog.showModal();
    count(source);
  }

  for (const button of buttons) button.addEventListener('click', () => save(button.value as Form));
  stop.addEventListener('click', () => reading.abort());
  dialog.addEventListener('close', () => reading.abort());

  return {
    /** Offers the entries of a view whose range is in absolute times. @param total how many, where that is known */
    openEntries: (state: ViewState, total?: number) => open(entriesOf(client, state, total), state.local),
    /** Offers the dead letters of such a view. */
    openLetters: (state: ViewState) => open(deadLettersOf(client, state), state.local),
  };
}

function linesOf<Item>({ lineOf }: Lines<Item>, items: readonly Item[]): string {
  return items.map(lineOf).join('');
}

async function unpacked<Item>(
  pages: readonly Blob[],
  { unpack, lines }: { unpack(text: string): Item[]; lines: Lines<Item> },
): Promise<Blob[]> {
  const written: Blob[] = [];
  for (const page of pages) written.push(new Blob([linesOf(lines, unpack(await page.text()))]));
  return written;
}

function amountOf(count: number, [one, several]: [string, string]): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : several}`;
}

function download(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser reads the blob a little later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
