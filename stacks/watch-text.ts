import { EVERYTHING, pageParametersOf, type ViewState } from '../page/view-state.ts';
import type { ContentWatch, SilenceWatch } from './watches.ts';

/** Characters of an alarm's description (CloudWatch, PutMetricAlarm). */
const LONGEST_TEXT = 1_024;

/** Who is called opens the link some minutes after the entries came. */
const LEAST_MINUTES = 15;

/** What the alarm of a watch says: what is wrong, and the command and the page with the lines. */
export function textOf(watch: ContentWatch): string {
  const { name, atLeast, minutes } = watch;
  const filter = filterOf(watch);
  const last = `${Math.max(LEAST_MINUTES, 2 * minutes)}m`;
  const begin = `The watch ${name} counted ${atLeast} or more in ${minutes} min. First: read them with`;
  const end = 'Runbook: docs/deploy.md#watches';
  const page = pageParametersOf({ ...EVERYTHING, ...filter, last });
  const text = `${begin} ${commandOf(filter, last)} or open the page at /?${page} . ${end}`;
  if (text.length <= LONGEST_TEXT) return text;
  return `${begin} npm run logs -- --since=${last} and the options of its filter, which is too long for this text: see ${name} in stacks/stages.ts. ${end}`;
}

export function silenceTextOf({ shipper, silentMinutes }: SilenceWatch): string {
  return `No entry of the shipper ${shipper} was stored for ${silentMinutes} min, and some were within the last day. First: look whether it runs, and at the answers to it in the access log of the API. Runbook: docs/deploy.md#watches`;
}

type Filter = Pick<ViewState, 'severity' | 'contains' | 'excludes' | 'where' | 'whereNot'>;

/** The filter of a watch as page and command have it. */
function filterOf(watch: ContentWatch): Filter {
  const { severity = [], contains = [], excludes = [], attributes = [], excludedAttributes = [] } = watch;
  return { severity, contains, excludes, where: attributes, whereNot: excludedAttributes };
}

function commandOf({ severity, contains, excludes, where, whereNot }: Filter, since: string): string {
  const options = (name: string, values: string[]) => values.map((value) => `--${name}=${quote(value)}`);
  return [
    'npm run logs --',
    `--since=${since}`,
    ...options('severity', severity),
    ...options('contains', contains),
    ...options('excludes', excludes),
    ...options(
      'where',
      where.map(({ name, text }) => `${name}=${text}`),
    ),
    ...options(
      'where',
      whereNot.map(({ name, text }) => `${name}!=${text}`),
    ),
  ].join(' ');
}

/** A word of a POSIX shell. */
function quote(text: string): string {
  return /^[\w.,:/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
