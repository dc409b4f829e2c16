import type { LogEntry } from '../entities/entry.ts';
import { epochMillisecondsOf, parseInstant } from '../entities/instant.ts';
import { createControls } from './controls.ts';
import { byId } from './elements.ts';
import { createEntryList } from './entry-list.ts';
import { createFeed } from './feed.ts';
import { createHistogram } from './histogram.ts';
import { bindKeys } from './keyboard.ts';
import { createNotices, type ListEnd } from './notices.ts';
import { isFiltered, pageParametersOf, stateFrom, type ViewState } from './view-state.ts';

/** Rows kept while following: a page that is left open overnight must not use up the machine's memory. */
const MOST_ROWS = 10_000;
/** How near the end of the list comes to what is in sight before older entries are read. */
const READ_AHEAD = '800px';

const scroller = byId('scroller', HTMLElement);
const end = byId('end', HTMLElement);
const shortcuts = byId('shortcuts', HTMLDialogElement);
const notices = createNotices({ onRetry: open, onSearchOn: readOlder, onSeeArrived: seeNewest });
const list = createEntryList(byId('entries', HTMLOListElement), { copyMessage, copyJson, showBefore });
const controls = createControls(change);
const histogram = createHistogram({
  chart: byId('chart', HTMLDivElement),
  summary: byId('summary', HTMLElement),
  scale: byId('scale', HTMLElement),
  onRange: (from, to) => change({ from, to, last: '', follow: false }),
});
const nearEnd = new IntersectionObserver(
  ([sight]) => {
    if (sight?.isIntersecting) readOlder();
  },
  { root: scroller, rootMargin: READ_AHEAD },
);

let state = stateFrom(new URLSearchParams(location.search));
let view = new AbortController();
let following = new AbortController();
let feed = createFeed(state, view.signal);

/** Shows the state from its first page on. */
async function open(): Promise<void> {
  view.abort();
  following.abort();
  view = new AbortController();
  feed = createFeed(state, view.signal);
  notices.clear();
  list.clear();
  controls.show(state);
  showZone();
  if ((await readOlder()) && state.follow) await follow();
}

/** Reads the next older entries. Resolves to true when they are on show in the view that asked for them. */
async function readOlder(): Promise<boolean> {
  const { signal } = view;
  nearEnd.unobserve(end);
  notices.loading();
  try {
    const entries = await feed.older();
    if (signal.aborted) return false;
    list.append(entries);
    showLoaded();
    notices.end(endOf(entries));
    // Observing again reports whether the end is near: it still is when little was found.
    if (entries.length > 0 && feed.hasOlder) nearEnd.observe(end);
    return true;
  } catch (error) {
    if (!signal.aborted) notices.failed(error);
    return false;
  }
}

function endOf(read: readonly LogEntry[]): ListEnd {
  if (feed.hasOlder) return read.length > 0 ? 'more' : 'paused';
  if (list.entries.length > 0) return 'end';
  return isFiltered(state) ? 'filtered' : 'empty';
}

async function follow(): Promise<void> {
  following.abort();
  following = new AbortController();
  await feed.follow(list.entries, following.signal, { onArrival: showArrived, onProblem: notices.problem });
}

function showArrived(entries: readonly LogEntry[]): void {
  const inSight = scroller.scrollTop === 0;
  const count = list.insert(entries);
  if (count === 0) return;
  const last = list.trim(MOST_ROWS);
  if (last) feed.resumeAfter(last);
  if (!inSight) notices.arrived(count);
  notices.end(feed.hasOlder ? 'more' : 'end');
  showLoaded();
}

function showLoaded(): void {
  controls.count(list.entries);
  histogram.show(list.entries, state.local);
}

function showZone(): void {
  list.setZone(state.local);
  showLoaded();
}

/**
 * Applies a change that the user made. The service is asked again only where the change is one to the query:
 * following adds to what is on show, so that the entry being read stays open.
 */
async function change(changed: Partial<ViewState>): Promise<void> {
  const before = state;
  state = { ...state, ...changed };
  history.pushState(null, '', `?${pageParametersOf(state)}`);
  const sameQuery = { ...before, local: state.local, follow: state.follow };
  if (JSON.stringify(sameQuery) !== JSON.stringify(state)) return open();

  controls.show(state);
  if (state.local !== before.local) showZone();
  if (!state.follow) following.abort();
  else if (!before.follow) await follow();
}

function seeNewest(): void {
  scroller.scrollTo({ top: 0 });
  list.focusFirst();
}

async function copyMessage({ message }: LogEntry): Promise<void> {
  await copy(message, 'Message');
}

async function copyJson(entry: LogEntry): Promise<void> {
  await copy(JSON.stringify(entry), 'JSON');
}

async function copy(text: string, what: string): Promise<void> {
  const done = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  notices.say(done ? `${what} copied` : 'The browser does not let the page copy: select the text instead');
}

/** Shows all that came before an entry, whatever its severity, with the entry itself on top. */
async function showBefore(entry: LogEntry): Promise<void> {
  const to = new Date(epochMillisecondsOf(parseInstant(entry.datetime)) + 1).toISOString();
  await change({ severity: [], contains: '', last: '', from: '', to, follow: false });
  list.reveal(entry);
}

/** Leaves the field that is being filled in; outside of a field, closes the entry. */
function leave(): void {
  const { activeElement } = document;
  if (activeElement instanceof HTMLInputElement) activeElement.blur();
  else list.closeCurrent();
}

scroller.addEventListener('scroll', () => {
  if (scroller.scrollTop === 0) notices.seen();
});
addEventListener('popstate', () => {
  state = stateFrom(new URLSearchParams(location.search));
  open();
});
byId('help', HTMLButtonElement).addEventListener('click', () => shortcuts.showModal());
bindKeys({
  j: () => list.move(1),
  ArrowDown: () => list.move(1),
  k: () => list.move(-1),
  ArrowUp: () => list.move(-1),
  g: () => list.focusFirst(),
  Home: () => list.focusFirst(),
  G: () => list.focusLast(),
  End: () => list.focusLast(),
  c: () => list.current && copyMessage(list.current),
  b: () => list.current && showBefore(list.current),
  '/': () => controls.focusSearch(),
  1: () => controls.toggleSeverity('error', false),
  2: () => controls.toggleSeverity('warning', false),
  3: () => controls.toggleSeverity('info', false),
  f: () => controls.toggleFollow(),
  u: () => controls.toggleLocal(),
  r: open,
  '?': () => shortcuts.showModal(),
  Escape: leave,
});
open();
