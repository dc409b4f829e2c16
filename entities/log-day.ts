import { Entity, type EntityItem } from 'electrodb';
import { compilePut, lazyEntity, NO_TABLE, type RowQuery, rowQuery, withoutPrefix } from './electro.ts';
import { LAYOUT, TABLE } from './table.ts';
import { severityOf, type Timeline } from './timeline.ts';

/**
 * LogDay: a row says that a timeline has entries of a day, spread over so many shards. Its catalogue is the list that
 * it is in.
 *
 *     pk  d#<catalogue>
 *     sk  <day>#<shards>#<retention>#<timeline>     the spread
 *
 *     pk  d#layouts                                 which forms the entries of the table have
 *     sk  <layout>#<retention>
 *
 * The number of shards and the retention are part of the key. Writers of different settings therefore write
 * different rows, each of which only ever lives longer, and no write needs a condition.
 * - `byCatalogue`  on which days has any timeline of a catalogue entries?
 */
function createLogDay() {
  return new Entity(
    {
      model: { service: 'logs', entity: 'LogDay', version: '1' },
      attributes: {
        catalogue: { type: 'string', field: TABLE.partitionKey, required: true, get: withoutPrefix('d#') },
        spread: { type: 'string', field: TABLE.sortKey, required: true },
        /** Seconds since 1970. */
        expiresAt: { type: 'number', field: TABLE.timeToLive, required: true },
      },
      indexes: {
        byCatalogue: {
          pk: {
            field: TABLE.partitionKey,
            composite: ['catalogue'],
            template: 'd#${catalogue}',
            casing: 'none',
          },
          sk: { field: TABLE.sortKey, composite: ['spread'], template: '${spread}', casing: 'none' },
        },
      },
    } as const,
    NO_TABLE,
  );
}

export const logDay = lazyEntity(createLogDay);

export type LogDayRow = EntityItem<ReturnType<typeof createLogDay>>;

/** A UTC day of a timeline, and over how many shards it is spread. */
export interface LogDay {
  timeline: Timeline;
  day: string;
  shards: number;
}

/**
 * The catalogues that list a timeline. `entries` lists all days of entries, so one query finds them. Warnings and
 * errors have lists of their own too, so that a reader of few errors need not read the days of everything else.
 */
function cataloguesWith(timeline: Timeline): Catalogue[] {
  if (timeline === 'refused') return ['refused'];
  if (timeline === 'filters') return ['entries'];
  const severity = severityOf(timeline);
  return severity === 'info' ? ['entries'] : ['entries', severity];
}
export type Catalogue = 'entries' | 'warning' | 'error' | 'refused';

/** The fewest catalogues that list all of some timelines. */
export function cataloguesOf(timelines: readonly Timeline[]): Catalogue[] {
  const own = new Set(timelines.map((timeline) => cataloguesWith(timeline).at(-1) as Catalogue));
  return own.has('entries') ? ['entries'] : [...own];
}

/** The rows of a day, one for each catalogue, for writers that keep entries for `retentionDays`. */
export function toLogDayRows(
  { timeline, day, shards }: LogDay,
  retentionDays: number,
  expiresAt: number,
): LogDayRow[] {
  const spread = `${day}#${shards}#${retentionDays}#${timeline}`;
  return cataloguesWith(timeline).map((catalogue) => ({ catalogue, spread, expiresAt }));
}

/** The item of a row. */
export const logDayItem = compilePut<LogDayRow>(logDay, {
  catalogue: 'catalogue',
  spread: 'spread',
  expiresAt: 1,
});

/** The day of a row, with the number of shards that its writer used. */
export function toLogDay({ spread }: LogDayRow): LogDay {
  const [day = '', shards, , timeline] = spread.split('#');
  return { timeline: timeline as Timeline, day, shards: Number(shards) };
}

/** Sorts after every number of shards, so that a day is its own upper bound. */
const END_OF_DAY = '#~';

/** The rows of a catalogue from one day to another, both inclusive, newest first. Some may have expired. */
export function daysInCatalogue(
  catalogue: Catalogue,
  { newest, oldest }: { newest: string; oldest: string },
): RowQuery<LogDayRow> {
  const parameters = logDay()
    .query.byCatalogue({ catalogue })
    .between({ spread: oldest }, { spread: newest + END_OF_DAY })
    .params({ order: 'desc' });
  return rowQuery(logDay(), parameters);
}

const LAYOUTS = 'layouts';

/** The mark of the layout, which lives as long as the days that are announced with it. */
export function toLayoutRow(retentionDays: number, expiresAt: number): LogDayRow {
  return { catalogue: LAYOUTS, spread: `${LAYOUT}#${retentionDays}`, expiresAt };
}

/** The layout of a row that `layoutRows` has found. */
export function toLayout({ catalogue, spread }: LogDayRow): number {
  return catalogue === LAYOUTS ? Number.parseInt(spread, 10) : 1;
}

/** Queries of the marks, and of the days of layout 1, which had no marks. Some may have expired. */
export function layoutRows(): RowQuery<LogDayRow>[] {
  return [LAYOUTS, 'all'].map((catalogue) =>
    rowQuery(logDay(), logDay().query.byCatalogue({ catalogue }).params({ order: 'desc' })),
  );
}
