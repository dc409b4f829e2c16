import { createLogClient } from '../client/log-client.ts';
import type { Counted } from '../client/read-counts.ts';
import { createControls } from './controls.ts';
import { bindKeys, byId, settingOf } from './document.ts';
import { createEntryActions } from './entry-actions.ts';
import { createEntryList } from './entry-list.ts';
import { createHistogram } from './histogram.ts';
import { createNotices } from './notices.ts';
import { bindFrame, showHelp } from './page-frame.ts';
import { createRangeCounter } from './range-counter.ts';
import { createSharing } from './share-view.ts';
import type { Shown } from './shown-state.ts';
import { createSingleKeys } from './single-keys.ts';
import { createTimelineView, type KeptTimeline } from './timeline-view.ts';
import { bindTraceTemplate } from './trace-template.ts';
import { createViewHistory } from './view-history.ts';
import { isSameQuery, type ViewState } from './view-state.ts';
import { secondScript, whenNeeded } from './when-needed.ts';

const scroller = byId('scroller', HTMLElement);
const oldestFirst = byId('oldest-first', HTMLButtonElement);
const client = createLogClient(new URL('.', document.baseURI));
const notices = createNotices({
  onRetry: retry,
  onSearchOn: () => timeline.searchOn(),
  onStopSearch: () => timeline.stopSearch(),
  onSeeArrived: seeNewest,
});
const sharing = createSharing(client, notices, {
  state: () => history.state,
  shownEntries,
  shownLetters: () => deadLetters.now?.shown ?? history.state,
});
const actions = createEntryActions({
  state: () => history.state,
  change,
  copy: sharing.copy,
  copyLink: sharing.copyLink,
  reveal: (place) => list.reveal(place),
});
const list = createEntryList(byId('entries', HTMLOListElement), scroller, actions);
const controls = createControls(change, () => list.rows.map(({ entry }) => entry));
const histogram = createHistogram({
  chart: byId('chart', HTMLDivElement),
  summary: byId('summary', HTMLElement),
  scale: byId('scale', HTMLElement),
  onRange: (from, to) => change({ from, to, last: '', at: '', id: '', follow: false }),
});
/** How many entries the view has, where all of them are counted. */
let counted: number | undefined;
const rangeCounter = createRangeCounter(client, {
  histogram,
  onCounts(found) {
    controls.count(found);
    const isWhole = Object.values(found.hasMore).every((hasMore) => !hasMore);
    counted = isWhole ? Object.values(found.counts).reduce((sum, count) => sum + count, 0) : undefined;
  },
  onProblem: notices.problem,
});
const timeline = createTimelineView(client, {
  scroller,
  start: byId('start', HTMLElement),
  end: byId('end', HTMLElement),
  list,
  mostRows: Number(settingOf('most-rows')),
  notices,
  onShown: (loaded) => rangeCounter.show(loaded, history.state),
  onOutage: controls.showOutage,
  onFollowEnd: () => change({ follow: false }),
});
const deadLetters = whenNeeded(async () => {
  const { createDeadLetters } = await secondScript.get();
  return createDeadLetters(client, notices);
});
const explorer = whenNeeded(async () => {
  const { createExplorer } = await secondScript.get();
  return createExplorer(client, actions, () => counted);
});
const history = createViewHistory({
  keep: (): (KeptTimeline & { counted?: Counted }) | undefined =>
    history.state.view === 'entries' ? { ...timeline.keep(), counted: rangeCounter.counted } : undefined,
  onAsk: ask,
  onRestore: (state, kept) => {
    show(state);
    deadLetters.now?.hide();
    rangeCounter.begin(kept.counted);
    timeline.restore(state, kept);
  },
  onAdjust: (state) => {
    show(state);
    if (state.view === 'entries') timeline.adjust(state);
    else showLetters(state);
  },
});

/** Shows a state from its first page on. */
async function ask(state: ViewState): Promise<void> {
  show(state);
  rangeCounter.begin();
  if (state.view === 'entries') {
    deadLetters.now?.hide();
    await timeline.ask(state);
  } else {
    timeline.leave();
    await showLetters(state);
  }
}

function show(state: ViewState): void {
  controls.show(state);
  document.body.dataset.view = state.view;
  oldestFirst.hidden = !state.oldestFirst;
  if (state.view === 'entries') explorer.now?.show(state);
}

async function showLetters(state: ViewState): Promise<void> {
  const letters = await deadLetters.get();
  if (history.state === state) await letters.show(state);
}

/** Another query is newest first, unless the change says otherwise. */
async function change(changed: Partial<ViewState>, isSameEdit?: boolean): Promise<void> {
  const isSame = isSameQuery(history.state, { ...history.state, ...changed });
  await history.change(isSame ? changed : { oldestFirst: false, ...changed }, isSameEdit);
}

function retry(): void {
  if (history.state.view === 'entries') timeline.retry();
  else showLetters(history.state);
}

/** A key that does nothing where dead letters are shown. */
function onEntries(action: () => void): () => void {
  return () => {
    if (history.state.view === 'entries') action();
  };
}

function move(by: number): void {
  if (history.state.view === 'entries') list.move(by);
  else deadLetters.now?.move(by);
}

function seeNewest(): void {
  if (timeline.feed?.hasNewer) goToNewest();
  else {
    scroller.focus();
    scroller.scrollTo({ top: 0 });
  }
}

/** Moves to the newest entry. A list that does not reach it is read again from there. */
function goToNewest(): void {
  if (!timeline.feed?.hasNewer) list.focusFirst();
  else if (history.state.at) change({ at: '', id: '' });
  else ask(history.state);
}

/** Undefined where dead letters are shown. */
function shownEntries(): Shown | undefined {
  const { feed } = timeline;
  if (history.state.view !== 'entries' || !feed) return undefined;
  return { feed, entries: list.rows.map(({ entry }) => entry), open: list.open };
}

/** Ends a drag, leaves the field that is being filled in, or closes the entry. */
function leave(): void {
  if (histogram.cancel()) return;
  const { activeElement } = document;
  if (activeElement instanceof HTMLInputElement) activeElement.blur();
  else list.closeCurrent();
}

addEventListener('error', ({ error, message }) => {
  // The browser reports this when a drawing takes more than a frame. It is harmless.
  if (!message.startsWith('ResizeObserver')) notices.problem(error ?? message);
});
addEventListener('unhandledrejection', ({ reason }) => notices.problem(reason));
scroller.addEventListener('scroll', () => {
  if (list.isAtTop && !timeline.feed?.hasNewer) notices.seen();
});
for (const id of ['alike', 'fields'])
  byId(id, HTMLDetailsElement).addEventListener('toggle', async () => {
    (await explorer.get()).show(history.state);
  });
oldestFirst.addEventListener('click', () => change({ oldestFirst: false }));
byId('copy-link', HTMLButtonElement).addEventListener('click', sharing.copyLinkToView);
byId('save', HTMLButtonElement).addEventListener('click', sharing.exportView);
bindKeys(createSingleKeys(), {
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  g: onEntries(goToNewest),
  Home: onEntries(goToNewest),
  G: onEntries(() => list.focusLast()),
  End: onEntries(() => list.focusLast()),
  c: onEntries(() => list.current && actions.copyMessage(list.current)),
  b: onEntries(() => list.current && actions.showBefore(list.current)),
  a: onEntries(() => list.current && actions.showAround(list.current)),
  l: sharing.copyLinkToView,
  '/': () => controls.focusSearch(),
  1: onEntries(() => controls.toggleSeverity('error', false)),
  2: onEntries(() => controls.toggleSeverity('warning', false)),
  3: onEntries(() => controls.toggleSeverity('info', false)),
  f: onEntries(() => controls.toggleFollow()),
  u: () => controls.toggleLocal(),
  e: sharing.exportView,
  r: () => ask(history.state),
  '?': showHelp,
  Escape: leave,
});
bindFrame(scroller);
// Until here it says that the script has not run.
byId('status', HTMLParagraphElement).textContent = '';
bindTraceTemplate();
// What the first view did not need is loaded behind it. Where that fails, the page says so once it is needed.
ask(history.state).finally(() => secondScript.get().catch(() => undefined));
notices.sayFaults(history.faults);
