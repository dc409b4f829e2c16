import { csv, ndjson } from '../client/entry-text.ts';
import type { LogClient } from '../client/log-client.ts';
import { asLongAsItTakes, type Patience } from '../client/patience.ts';
import { readNewest } from '../client/read-entries.ts';
import { millisecondsOf, readableSecond } from '../client/time.ts';
import { byId } from './document.ts';
import { queryOf, type ViewState } from './view-state.ts';

const FORMS = {
  ndjson: { lines: ndjson, type: 'application/x-ndjson' },
  csv: { lines: csv, type: 'text/csv' },
};

/** The dialog that saves all entries of a view to a file, page by page as the service gives them. */
export function createExporter(client: LogClient) {
  const dialog = byId('export', HTMLDialogElement);
  const progress = byId('export-progress', HTMLParagraphElement);
  const stop = byId('export-stop', HTMLButtonElement);
  const buttons = [byId('export-ndjson', HTMLButtonElement), byId('export-csv', HTMLButtonElement)];
  let state: ViewState;
  let reading = new AbortController();

  async function save(form: keyof typeof FORMS): Promise<void> {
    reading = new AbortController();
    setRunning(true);
    const { lines, type } = FORMS[form];
    const parts: BlobPart[] = [lines.head];
    let count = 0;
    const patience: Patience = {
      wait: asLongAsItTakes,
      signal: reading.signal,
      onOutage: (error) => {
        if (error) progress.textContent = `${error.message}. Trying again…`;
      },
      onSlow: () => {
        progress.textContent = 'The service has not answered yet. Still waiting…';
      },
    };
    const query = queryOf(state, Date.now());
    try {
      for await (const { entries } of readNewest(client, query, { limit: Infinity, patience })) {
        // The browser can keep a blob on disk, while one long text would stay in memory.
        parts.push(new Blob([entries.map(lines.lineOf).join('')]));
        count += entries.length;
        const oldest = entries.at(-1);
        if (oldest) progress.textContent = `${entriesOf(count)}, back to ${timeOf(oldest.datetime)}`;
      }
      const isWhole = !reading.signal.aborted;
      if (dialog.open) download(new Blob(parts, { type }), `logs.${form}`);
      progress.textContent = `${entriesOf(count)} saved${isWhole ? '' : ': stopped before the end'}`;
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

  function timeOf(datetime: string): string {
    return readableSecond(millisecondsOf(datetime), state.local);
  }

  for (const button of buttons)
    button.addEventListener('click', () => save(button.value as keyof typeof FORMS));
  stop.addEventListener('click', () => reading.abort());
  dialog.addEventListener('close', () => reading.abort());

  return {
    /** Offers to save what matches a state, newest first. */
    open(view: ViewState) {
      state = view;
      progress.textContent = '';
      setRunning(false);
      dialog.showModal();
    },
  };
}

function entriesOf(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'entry' : 'entries'}`;
}

function download(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser reads the blob a little later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
