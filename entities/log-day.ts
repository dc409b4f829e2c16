import { Entity, type EntityConfiguration } from 'electrodb';
import { TABLE } from './table.ts';
import type { Timeline } from './timeline.ts';

/**
 * LogDay: a row says that a timeline has entries of a day, spread over so many shards.
 *
 *     pk  d#<timeline>
 *     sk  <day>#<shards>#<retention>
 *     sk  <day>#<shards>#<retention>#blocks     in d#all: the days of the timeline `blocks`
 *
 * The entries of a day are in rows and in blocks, so the days of both are listed by one query.
 * The number of shards and the retention are part of the key. Writers of different settings therefore write
 * different rows, each of which only ever lives longer, and no write needs a condition.
 * - `byTimeline` on which days has a timeline entries?
 */
export function createLogDayEntity(configuration: EntityConfiguration) {
  return new Entity(
    {
      model: { service: 'logs', entity: 'LogDay', version: '1' },
      attributes: {
        /** The timeline. ElectroDB adds and takes off the prefix that keeps entities apart. */
        [TABLE.partitionKey]: { type: 'string', required: true },
        spread: { type: 'string', field: TABLE.sortKey, required: true },
        expiresAt: { type: 'number', field: TABLE.timeToLive, required: true },
      },
      indexes: {
        byTimeline: {
          pk: { field: TABLE.partitionKey, composite: ['pk'], template: 'd#${pk}', casing: 'none' },
          sk: { field: TABLE.sortKey, composite: ['spread'], template: '${spread}', casing: 'none' },
        },
      },
    } as const,
    configuration,
  );
}

/** A UTC day of a timeline, and over how many shards it is spread. */
export interface LogDay {
  timeline: Timeline;
  day: string;
  shards: number;
}

/** The attributes of a LogDay row. `expiresAt` is in seconds since 1970. */
export interface LogDayRow {
  pk: string;
  spread: string;
  expiresAt: number;
}

/** The timeline in whose part of the catalogue the days of a timeline stand. */
export function catalogueOf(timeline: Timeline): Timeline {
  return timeline === 'blocks' ? 'all' : timeline;
}

/** The row of a day, for writers that keep entries for `retentionDays`. */
export function toLogDayRow(
  { timeline, day, shards }: LogDay,
  retentionDays: number,
  expiresAt: number,
): LogDayRow {
  const spread = `${day}#${shards}#${retentionDays}`;
  const pk = catalogueOf(timeline);
  return { pk, spread: pk === timeline ? spread : `${spread}#${timeline}`, expiresAt };
}

/** The day of a row, with the number of shards that its writer used. */
export function toLogDay({ pk, spread }: LogDayRow): LogDay {
  const [day = '', shards, , timeline = pk] = spread.split('#');
  return { timeline: timeline as Timeline, day, shards: Number(shards) };
}
