import { isSameQuery, pageParametersOf, stateFrom, type ViewState } from './view-state.ts';

/** Views that are kept as they were left. Older ones are read again from the service. */
const MOST_KEPT = 8;

export interface HistoryHandlers<KeptView> {
  /** The view as it is, before it is left. Undefined where there is nothing to keep. */
  keep: () => KeptView | undefined;
  onAsk: (state: ViewState) => Promise<unknown>;
  onRestore: (state: ViewState, kept: KeptView) => void;
  /** Called with a state that shows the same entries in another way. */
  onAdjust: (state: ViewState) => void;
}

/**
 * The state of the page, and its past in the browser's history. A new query is a step of the history; another way
 * of showing the same entries is not. Going back restores what was there.
 */
export function createViewHistory<KeptView>({ keep, onAsk, onRestore, onAdjust }: HistoryHandlers<KeptView>) {
  let { state, faults } = stateFrom(new URLSearchParams(location.search));
  const keptViews = new Map<number, KeptView>();
  let place = placeOf(history.state);
  history.replaceState({ place }, '');

  const putAside = () => {
    // Otherwise a view that was at this place earlier would be restored.
    keptViews.delete(place);
    const kept = keep();
    if (!kept) return;
    keptViews.set(place, kept);
    const [oldest] = keptViews.keys();
    if (keptViews.size > MOST_KEPT && oldest !== undefined) keptViews.delete(oldest);
  };

  addEventListener('popstate', (event) => {
    putAside();
    place = placeOf(event.state);
    ({ state, faults } = stateFrom(new URLSearchParams(location.search)));
    const kept = keptViews.get(place);
    if (kept) onRestore(state, kept);
    else onAsk(state);
  });

  return {
    get state(): ViewState {
      return state;
    },
    /** What of the address could not be read, in sentences. */
    get faults(): readonly string[] {
      return faults;
    },
    /** Applies a change that the user made. @param isSameEdit whether it continues the last change */
    async change(changed: Partial<ViewState>, isSameEdit = false): Promise<void> {
      const next = { ...state, ...changed };
      const isAsked = !isSameQuery(state, next);
      const isStep = isAsked && !isSameEdit;
      if (isStep) {
        putAside();
        place += 1;
      }
      state = next;
      const address = `?${pageParametersOf(state)}`;
      if (isStep) history.pushState({ place }, '', address);
      else history.replaceState({ place }, '', address);
      if (isAsked) await onAsk(state);
      else onAdjust(state);
    },
  };
}

function placeOf(historyState: unknown): number {
  const { place } = Object(historyState) as { place?: unknown };
  return typeof place === 'number' ? place : 0;
}
