import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLogDayEntity, type LogDay, type LogDayRow, toDayAndShards } from './log-day.ts';
import { type QueriedRows, queryRows } from './query-rows.ts';
import type { Timeline } from './timeline.ts';

/** 60 rows of the catalogue stay below 4 KB, half a read unit. */
const PAGE_SIZE = 60;

/** Sorts behind every number of shards, so that a day is its own upper bound. */
const END_OF_DAY = '#~';

/**
 * The days of a timeline from `newest` down to `oldest` (both inclusive), newest first, each once, drawn from
 * the catalogue page by page. A day's number of shards is the largest that any writer used.
 */
export type ListDays = (
  timeline: Timeline,
  range: { newest: string; oldest: string },
) => AsyncGenerator<LogDay>;

export function createListDays(client: DynamoDBClient, table: string): ListDays {
  const logDays = createLogDayEntity({ client, table });

  return async function* listDays(timeline, { newest, oldest }) {
    const now = Math.floor(Date.now() / 1000);
    const parameters = logDays.query
      .byTimeline({ pk: timeline })
      .between({ spread: oldest }, { spread: newest + END_OF_DAY })
      .params({ order: 'desc' });
    let current: LogDay | undefined;
    let page: QueriedRows<LogDayRow> | undefined;
    do {
      page = await queryRows(client, logDays, { parameters, limit: PAGE_SIZE, startKey: page?.lastKey });
      for (const row of page.rows) {
        // DynamoDB deletes what has expired days later.
        if (row.expiresAt <= now) continue;
        const { day, shards } = toDayAndShards(row);
        if (current?.day === day) {
          current.shards = Math.max(current.shards, shards);
          continue;
        }
        if (current) yield current;
        current = { timeline, day, shards };
      }
    } while (page.lastKey);
    if (current) yield current;
  };
}
