import { Entity, type EntityConfiguration } from 'electrodb';
import { TABLE } from './table.ts';
import type { Timeline } from './timeline.ts';

/**
 * LogDay: a row says that a timeline has entries in the stretch that begins on a day, spread over so many shards.
 *
 * How far it is spread and for how long its entries are kept are part of the key, so writers of different
 * settings side by side write different rows, each of which only ever lives longer: no write needs a condition.
 * - `byTimeline` which stretches of a timeline have entries, and on which days do they begin?
 */
export function createLogDayEntity(configuration: EntityConfiguration) {
  return new Entity(
    {
      model: { service: 'logs', entity: 'LogDay', version: '1' },
      attributes: {
        /** The timeline; ElectroDB adds and takes off the prefix that keeps entities apart. */
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

/** The first day of a stretch of a timeline, and over how many shards the writer spreads it. */
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

/** The row of a day, for writers that keep entries for `retentionDays`. */
export function toLogDayRow(logDay: LogDay, retentionDays: number, expiresAt: number): LogDayRow {
  return {
    pk: logDay.timeline,
    spread: `${logDay.day}#${logDay.shards}#${retentionDays}`,
    expiresAt,
  };
}

/** The day and its number of shards that a row names. */
export function toDayAndShards({ spread }: LogDayRow): { day: string; shards: number } {
  const [day = '', shards] = spread.split('#');
  return { day, shards: Number(shards) };
}
