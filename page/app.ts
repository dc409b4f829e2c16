import { createFieldCounts } from '../client/field-counts.ts';
import { createLogClient } from '../client/log-client.ts';
import type { Counted } from '../client/read-counts.ts';
import { createControls } from './controls.ts';
import { createDeadLetters } from './dead-letters.ts';
import { bindKeys, byId, copyText, settingOf } from './document.ts';
import { createEntryActions } from './entry-actions.ts';
import { createEntryList } from './entry-list.ts';
import { createExplorer } from './explorer.ts';
import { deadLettersOf, entriesOf } from './export-source.ts';
import { createExporter } from './exporter.ts';
import { createHistogram } from './histogram.ts';
import { createNotices } from './notices.ts';
import { createRangeCounter } from './range-counter.ts';
import { linkedState, type Shown, shownCount, shownState } from './shown-state.ts';
import { createSingleKeys } from './single-keys.ts';
import { createTimelineView, type KeptTimeline } from './timeline-view.ts';
import { bindTraceTemplate } from './trace-template.ts';
import { createViewHistory } from './view-history.ts';
import { isSameQuery, pageParametersOf, type ViewState } from './view-state.ts';

/** Entries whose attributes complete a search, and values of each attribute. So many are counted within 20 ms. */
const MOST_COUNTED = 1_000;
const MOST_VALUES = 100;

const scroller = byId('scroller', HTMLElement);
const header = byId('top', HTMLElement);
const panel = byId('panel', HTMLElement);
const oldestFirst = byId('oldest-first', HTMLButtonElement);
const shortcuts = byId('shortcuts', HTMLDialogElement);
const client = createLogClient(new URL('.', document.baseURI));
const notices = createNotices({
  onRetry: retry,
  onSearchOn: () => timeline.searchOn(),
  onStopSearch: () => timeline.stopSearch(),
  onSeeArrived: seeNewest,
});
const actions = createEntryActions({
  state: () => history.state,
  change,
  copy,
  copyLink,
  reveal: (place) => list.reveal(place),
});
const list = createEntryList(byId('entries', HTMLOListElement), scroller, actions);
const controls = createControls(change, fieldsNow);
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
  onShown: (loaded) => {
    rangeCounter.show(loaded, history.state);
  },
  onOutage: controls.showOutage,
  onFollowEnd: () => change({ follow: false }),
});
const deadLetters = createDeadLetters(client, notices);
const exporter = createExporter();
const explorer = createExplorer(client, actions, () => counted);
const history = createViewHistory({
  keep: (): (KeptTimeline & { counted?: Counted }) | undefined =>
    history.state.view === 'entries' ? { ...timeline.keep(), counted: rangeCounter.counted } : undefined,
  onAsk: ask,
  onRestore: (state, kept) => {
    show(state);
    deadLetters.hide();
    rangeCounter.begin(kept.counted);
    timeline.restore(state, kept);
  },
  onAdjust: (state) => {
    show(state);
    if (state.view === 'entries') timeline.adjust(state);
    else deadLetters.show(state);
  },
});

/** Shows a state from its first page on. */
async function ask(state: ViewState): Promise<void> {
  show(state);
  rangeCounter.begin();
  if (state.view === 'entries') {
    deadLetters.hide();
    await timeline.ask(state);
  } else {
    timeline.leave();
    await deadLetters.show(state);
  }
}

function show(state: ViewState): void {
  controls.show(state);
  document.body.dataset.view = state.view;
  oldestFirst.hidden = !state.oldestFirst;
  if (state.view === 'entries') explorer.show(state);
}

/** Another query is newest first, unless the change says otherwise. */
async function change(changed: Partial<ViewState>, isSameEdit?: boolean): Promise<void> {
  const isSame = isSameQuery(history.state, { ...history.state, ...changed });
  await history.change(isSame ? changed : { oldestFirst: false, ...changed }, isSameEdit);
}

function retry(): void {
  if (history.state.view === 'entries') timeline.retry();
  else deadLetters.retry();
}

/** A key that does nothing where dead letters are shown. */
function onEntries(action: () => void): () => void {
  return () => {
    if (history.state.view === 'entries') action();
  };
}

function move(by: number): void {
  if (history.state.view === 'entries') list.move(by);
  else deadLetters.move(by);
}

function seeNewest(): void {
  if (timeline.feed?.hasNewer) {
    goToNewest();
    return;
  }
  scroller.focus();
  scroller.scrollTo({ top: 0 });
}

/** Moves to the newest entry. A list that does not reach it is read again from there. */
function goToNewest(): void {
  if (!timeline.feed?.hasNewer) list.focusFirst();
  else if (history.state.at) change({ at: '', id: '' });
  else ask(history.state);
}

/** The attributes of the newest entries on the page, to complete a search with. */
function fieldsNow() {
  const counts = createFieldCounts();
  counts.add(list.rows.slice(0, MOST_COUNTED).map(({ entry }) => entry));
  return counts.fields(MOST_VALUES);
}

async function copy(text: string, what: string): Promise<void> {
  const done = await copyText(text);
  notices.say(done ? `${what} copied` : 'The browser does not let the page copy: select the text instead');
}

function copyLinkToView(): void {
  const { state } = history;
  const shown = shownEntries();
  copyLink(shown ? linkedState(state, shown) : deadLetters.shown, 'Link to this view');
}

function exportView(): void {
  const { state } = history;
  const shown = shownEntries();
  if (shown)
    exporter.open(entriesOf(client, shownState(state, shown), shownCount(state, shown)), state.local);
  else exporter.open(deadLettersOf(client, deadLetters.shown), state.local);
}

/** Undefined where dead letters are shown. */
function shownEntries(): Shown | undefined {
  const { feed } = timeline;
  if (history.state.view !== 'entries' || !feed) return undefined;
  return { feed, entries: list.rows.map(({ entry }) => entry), open: list.open };
}

function copyLink(state: ViewState, what: string): void {
  copy(new URL(`?${pageParametersOf(state)}`, document.baseURI).href, what);
}

/** Ends a drag, leaves the field that is being filled in, or closes the entry. */
function leave(): void {
  const { activeElement } = document;
  if (histogram.cancel()) return;
  if (activeElement instanceof HTMLInputElement) activeElement.blur();
  else list.closeCurrent();
}

/** Shows the name of the deployment: the one that `logs --web` gives, or else the host. */
function showDeployment(): void {
  const name = settingOf('deployment') || location.host;
  for (const place of document.querySelectorAll('.deployment')) place.textContent = name;
  document.title = `${name} · Logs`;
}

addEventListener('error', ({ error, message }) => {
  // The browser reports this when a drawing takes more than a frame. It is harmless.
  if (!message.startsWith('ResizeObserver')) notices.problem(error ?? message);
});
addEventListener('unhandledrejection', ({ reason }) => notices.problem(reason));
scroller.addEventListener('scroll', () => {
  if (list.isAtTop && !timeline.feed?.hasNewer) notices.seen();
});
byId('help', HTMLButtonElement).addEventListener('click', () => shortcuts.showModal());
panel.addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.closest('nav, #tools, .pattern, .narrow')) panel.hidePopover();
});
new ResizeObserver(() => {
  const isSticky = getComputedStyle(header).position === 'sticky';
  scroller.style.setProperty('--top', isSticky ? `${header.offsetHeight}px` : '0px');
}).observe(header);
oldestFirst.addEventListener('click', () => change({ oldestFirst: false }));
byId('copy-link', HTMLButtonElement).addEventListener('click', copyLinkToView);
byId('save', HTMLButtonElement).addEventListener('click', exportView);
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
  l: copyLinkToView,
  '/': () => controls.focusSearch(),
  1: onEntries(() => controls.toggleSeverity('error', false)),
  2: onEntries(() => controls.toggleSeverity('warning', false)),
  3: onEntries(() => controls.toggleSeverity('info', false)),
  f: onEntries(() => controls.toggleFollow()),
  u: () => controls.toggleLocal(),
  e: exportView,
  r: () => ask(history.state),
  '?': () => shortcuts.showModal(),
  Escape: leave,
});
showDeployment();
// Until here it says that the script has not run.
byId('status', HTMLParagraphElement).textContent = '';
bindTraceTemplate();
ask(history.state);
notices.sayFaults(history.faults);
