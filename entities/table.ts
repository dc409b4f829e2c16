/**
 * The one table: names of its keys, indexes and TTL attribute, and which entries are packed.
 * Pure data: entities, stacks and the local engine read it; it imports nothing.
 *
 * The rule of the house for keys: a key field is an attribute of its entity, and its value is composed by a function
 * beside the model. Composites of ElectroDB would store each part of a key a second time, and DynamoDB bills bytes.
 */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLive: 'expiresAt',
  indexes: {
    /** Entries, by severity, day and shard. */
    byDay: { name: 'byDay', partitionKey: 'gsi1pk', sortKey: 'sk' },
    /** Dead letters alone, by the time at which they were refused. */
    byRefusal: { name: 'byRefusal', partitionKey: 'gsi3pk', sortKey: 'gsi3sk' },
  },
} as const;

/**
 * The form of keys and items. A writer marks the table with it (see toLayoutRow). A version with another form changes
 * the number, so that no table is read as if it were empty.
 */
export const LAYOUT = 2;

/** Which entries are packed into blocks: none, those of severity info, or all. */
export const PACKINGS = ['off', 'info', 'all'] as const;
export type Packing = (typeof PACKINGS)[number];
