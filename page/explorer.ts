import type { LogClient } from '../client/log-client.ts';
import { byId } from './document.ts';
import { type ExplorerActions, showFields, showPatterns } from './explorer-lists.ts';
import { readSample, type Sample } from './sample.ts';
import { queryOf, type ViewState } from './view-state.ts';

/** Samples that are kept, so that going back to a view shows what was there. */
const MOST_KEPT = 8;

/**
 * The parts of the panel that show what the entries of a view share: their fields, and lines that are alike. They are
 * read only while one of them is open.
 */
export function createExplorer(
  client: LogClient,
  actions: ExplorerActions,
  /** How many entries the range of the view has, where the service has counted all of them. */
  total: () => number | undefined,
) {
  const fields = byId('fields', HTMLDetailsElement);
  const alike = byId('alike', HTMLDetailsElement);
  const parts = [fields, alike];
  const kept = new Map<string, Sample>();
  let state: ViewState | undefined;
  let reading: AbortController | undefined;

  const say = (text: string) => {
    for (const part of parts) {
      const note = part.querySelector('.note');
      if (note) note.textContent = text;
    }
  };

  const draw = (sample: Sample, local: boolean) => {
    showFields(fields, sample, actions);
    showPatterns(alike, sample, actions, local);
  };

  /** Reads what is not known of the view. */
  async function read(): Promise<void> {
    if (!state || reading || !parts.some(({ open }) => open)) return;
    const { local } = state;
    const key = keyOf(state);
    const known = kept.get(key);
    if (known) {
      draw(known, local);
      say(`Of ${scopeOf(known, total())}.`);
      return;
    }
    reading = new AbortController();
    const { signal } = reading;
    say('Reading…');
    try {
      let last: Sample | undefined;
      for await (const sample of readSample(client, queryOf(state, Date.now()), signal)) {
        if (signal.aborted) return;
        if (!last) draw(sample, local);
        last = sample;
        say(`Reading… ${countOf(sample.entries)}`);
      }
      if (signal.aborted) return;
      if (last) finish(key, last, local);
    } catch (error) {
      if (!signal.aborted) say(`Cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      if (!signal.aborted) reading = undefined;
    }
  }

  function finish(key: string, sample: Sample, local: boolean): void {
    kept.set(key, sample);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    draw(sample, local);
    say(`Of ${scopeOf(sample, total())}.`);
  }

  const stop = () => {
    reading?.abort();
    reading = undefined;
  };

  for (const part of parts) {
    part.addEventListener('toggle', () => {
      if (parts.some(({ open }) => open)) read();
      else stop();
    });
    part.querySelector('.again')?.addEventListener('click', () => {
      stop();
      if (state) kept.delete(keyOf(state));
      read();
    });
  }

  return {
    /** Shows what the entries of this state share. */
    show(next: ViewState) {
      const isSame = state && keyOf(state) === keyOf(next) && state.local === next.local;
      state = next;
      if (isSame) return;
      stop();
      read();
    },
  };
}

/** What entries a state asks for. Where they are shown from does not matter. */
function keyOf({ follow, local, at, id, ...asked }: ViewState): string {
  return JSON.stringify(asked);
}

function scopeOf({ entries, hasOlder }: Sample, total: number | undefined): string {
  if (!hasOlder) return entries === 1 ? 'one entry' : `all ${countOf(entries)} entries`;
  const of = total !== undefined && total > entries ? ` of ${countOf(total)}` : '';
  return `the newest ${countOf(entries)}${of} entries${of ? '' : '; there are older ones'}`;
}

function countOf(count: number): string {
  return count.toLocaleString('en');
}
