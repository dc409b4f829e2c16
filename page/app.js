// @ts-check
import { createControls } from './controls.js';
import { byId } from './elements.js';
import { createEntryList } from './entry-list.js';
import { createFeed } from './feed.js';
import { createHistogram } from './histogram.js';
import { millisOf } from './instant.js';
import { bindKeys } from './keyboard.js';
import { createNotices } from './notices.js';
import { isFiltered, parametersOf, stateFrom } from './view-state.js';

/** Rows kept while following: a page left open over night must not eat the machine. */
const MOST_ROWS = 10_000;
/** Older entries are read when the end of the list comes this near to what is in sight. */
const READ_AHEAD = '800px';

/**
 * @typedef {import('./follow.d.ts').Entry} Entry
 * @typedef {import('./view-state.js').ViewState} ViewState
 */

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

/** Shows the state anew, from its first page on. */
async function open() {
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

/** Reads the next older entries; resolves to whether that went well and its view is still on show. */
async function readOlder() {
  const { signal } = view;
  nearEnd.unobserve(end);
  notices.loading();
  try {
    const entries = await feed.older();
    if (signal.aborted) return false;
    list.append(entries);
    showLoaded();
    notices.end(endOf(entries));
    // Observing anew asks again whether the end is near: it still is when little was found.
    if (entries.length > 0 && feed.hasOlder) nearEnd.observe(end);
    return true;
  } catch (error) {
    if (!signal.aborted) notices.failed(error);
    return false;
  }
}

/** @param {readonly Entry[]} read */
function endOf(read) {
  if (feed.hasOlder) return read.length > 0 ? 'more' : 'paused';
  if (list.entries.length > 0) return 'end';
  return isFiltered(state) ? 'filtered' : 'empty';
}

async function follow() {
  following.abort();
  following = new AbortController();
  await feed.follow(list.entries, following.signal, { onArrival: showArrived, onProblem: notices.problem });
}

/** @param {readonly Entry[]} entries */
function showArrived(entries) {
  const inSight = scroller.scrollTop === 0;
  const count = list.insert(entries);
  if (count === 0) return;
  const last = list.trim(MOST_ROWS);
  if (last) feed.resumeAfter(last);
  if (!inSight) notices.arrived(count);
  notices.end(feed.hasOlder ? 'more' : 'end');
  showLoaded();
}

function showLoaded() {
  controls.count(list.entries);
  histogram.show(list.entries, state.local);
}

function showZone() {
  list.setZone(state.local);
  showLoaded();
}

/**
 * Takes up a change that the user made. Only what changes the question asks the service anew: to follow adds
 * to what is on show, so that the entry being read stays open.
 *
 * @param {Partial<ViewState>} changed
 */
async function change(changed) {
  const before = state;
  state = { ...state, ...changed };
  history.pushState(null, '', `?${parametersOf(state)}`);
  const asksAnew = { ...before, local: state.local, follow: state.follow };
  if (JSON.stringify(asksAnew) !== JSON.stringify(state)) return open();

  controls.show(state);
  if (state.local !== before.local) showZone();
  if (!state.follow) following.abort();
  else if (!before.follow) await follow();
}

function seeNewest() {
  scroller.scrollTo({ top: 0 });
  list.focusFirst();
}

/** @param {Entry} entry */
async function copyMessage({ message }) {
  await copy(message, 'Message');
}

/** @param {Entry} entry */
async function copyJson(entry) {
  await copy(JSON.stringify(entry), 'JSON');
}

/**
 * @param {string} text
 * @param {string} what
 */
async function copy(text, what) {
  const done = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  notices.say(done ? `${what} copied` : 'The browser does not let the page copy: select the text instead');
}

/**
 * Shows all that came before an entry, whatever its severity, with the entry itself on top.
 *
 * @param {Entry} entry
 */
async function showBefore(entry) {
  const to = new Date(millisOf(entry.datetime) + 1).toISOString();
  await change({ severity: [], contains: '', last: '', from: '', to, follow: false });
  list.reveal(entry);
}

/** Leaves the field that is being filled in, or else closes the entry. */
function leave() {
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
