import type { ViewState } from './view-state.ts';

/** Enough for any view, and short enough for every file system. */
const LONGEST = 120;

/** The name of a file for what a view shows: what is searched for and the time, in characters that any system takes. */
export function fileNameOf(state: ViewState): string {
  const { view, severity, contains, excludes, where, whereNot, at, id, from, to } = state;
  const what = [
    view === 'entries' ? 'logs' : view,
    ...severity,
    ...contains,
    ...excludes.map((text) => `not ${text}`),
    ...where.map(({ text }) => text),
    ...whereNot.map(({ text }) => `not ${text}`),
    ...(at ? ['around', id] : []),
  ];
  const when = [from && compact(from), to && `to ${compact(to)}`].filter(Boolean);
  const times = plain(when);
  return `${plain(what).slice(0, LONGEST - times.length - 1)}${times && `-${times}`}`;
}

/** ISO 8601 in its basic form, to the second. */
function compact(datetime: string): string {
  return datetime.replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
}

function plain(parts: readonly string[]): string {
  return parts
    .join('-')
    .replaceAll(/[^\p{L}\p{N}._]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
}
