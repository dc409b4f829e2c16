/**
 * The names of the one table's keys, indexes and TTL attribute.
 * Pure data: entities, stacks and the local engine read it, it imports nothing.
 */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLive: 'expiresAt',
  indexes: {
    /** Every entry, by timeline, day and shard. */
    byDay: { name: 'byDay', partitionKey: 'gsi1pk', sortKey: 'sk' },
    /** Warnings and errors alone: sparse, so an info entry pays nothing for it. */
    bySeverity: { name: 'bySeverity', partitionKey: 'gsi2pk', sortKey: 'sk' },
    /** Dead letters alone, by the time they were refused. */
    byRefusal: { name: 'byRefusal', partitionKey: 'gsi3pk', sortKey: 'gsi3sk' },
  },
} as const;
