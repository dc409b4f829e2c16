import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createLogDayEntity, type LogDay, toDayAndShards } from './log-day.ts';
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

export function createListDays(client: DynamoDBDocumentClient, table: string): ListDays {
  const logDays = createLogDayEntity({ client, table });

  return async function* listDays(timeline, { newest, oldest }) {
    const now = Math.floor(Date.now() / 1000);
    let current: LogDay | undefined;
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof readPage>> = await readPage(cursor);
      for (const row of page.data) {
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
      cursor = page.cursor;
    } while (cursor);
    if (current) yield current;

    function readPage(from: string | null) {
      return logDays.query
        .byTimeline({ pk: timeline })
        .between({ spread: oldest }, { spread: newest + END_OF_DAY })
        .go({ order: 'desc', limit: PAGE_SIZE, cursor: from });
    }
  };
}
