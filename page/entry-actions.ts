import { jsonOfEntry } from '../client/entry-text.ts';
import type { LogEntry } from '../entities/entry.ts';
import { epochMillisecondsOf, parseInstant } from '../entities/instant.ts';
import type { AttributeFilter } from '../entities/matches.ts';
import { isWord } from '../entities/token-filter.ts';
import type { EntryActions } from './entry-detail.ts';
import type { ExplorerActions } from './explorer-lists.ts';
import { EVERYTHING, type ViewState } from './view-state.ts';

export interface ActionParts {
  /** The current view. */
  state: () => ViewState;
  /** Resolves once the changed view is shown. */
  change: (changed: Partial<ViewState>) => Promise<void>;
  copy: (text: string, what: string) => void;
  copyLink: (state: ViewState, what: string) => void;
  reveal: (place: { instant: string; id: string }) => void;
}

/** What can be done with an entry: copy it, show what is around it, and filter by what is in it. */
export function createEntryActions({
  state,
  change,
  copy,
  copyLink,
  reveal,
}: ActionParts): EntryActions & ExplorerActions {
  /** Adds a filter to those of the view. */
  const narrow = (added: Partial<ViewState>) => change({ ...added, at: '', id: '' });

  /** All entries, shown as those of the view are. */
  const everything = (): ViewState => {
    const { local, columns } = state();
    return { ...EVERYTHING, local, columns };
  };

  const stateAround = ({ datetime, id }: LogEntry): ViewState => ({ ...everything(), at: datetime, id });

  return {
    copyMessage: ({ message }) => copy(message, 'Message'),
    copyJson: (entry) => copy(jsonOfEntry(entry), 'JSON'),
    copyLink: (entry) => copyLink(stateAround(entry), 'Link to the entry'),
    /** Shows all that came before an entry, whatever its severity, with the entry itself on top. */
    async showBefore({ datetime, id }) {
      const instant = parseInstant(datetime);
      const to = new Date(epochMillisecondsOf(instant) + 1).toISOString();
      await change({ ...everything(), to });
      reveal({ instant, id });
    },
    showAround: (entry) => change(stateAround(entry)),
    searchFor: (text) => narrow({ contains: [...new Set([...state().contains, text])] }),
    leaveOut: (text) => narrow({ excludes: [...new Set([...state().excludes, text])] }),
    showTrace(traceId) {
      const sought = isWord(traceId) ? { word: [traceId] } : { contains: [traceId] };
      change({ ...everything(), ...sought, oldestFirst: true });
    },
    showAlike({ fixed, severity }) {
      const contains = [...new Set([...state().contains, ...fixed])];
      narrow({ contains, severity: [severity] });
    },
    isColumn: (name) => state().columns.includes(name),
    toggleColumn(name) {
      const others = state().columns.filter((one) => one !== name);
      change({ columns: others.length < state().columns.length ? others : [...others, name] });
    },
    filterBy: (attribute) => narrow({ where: withAttribute(state().where, attribute) }),
    filterOut: (attribute) => narrow({ whereNot: withAttribute(state().whereNot, attribute) }),
  };
}

function withAttribute(list: readonly AttributeFilter[], { name, text }: AttributeFilter) {
  const isThere = list.some((other) => other.name === name && other.text === text);
  return isThere ? list : [...list, { name, text }];
}
