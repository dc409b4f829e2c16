/**
 * The names under which the functions publish metrics (CloudWatch EMF) and monitoring reads them.
 * Pure data: it imports nothing. Every metric has the dimension `service`. Powertools' own ColdStart also has
 * `function_name`, and those of shippers have `shipper`.
 */
export const METRIC_NAMESPACE = 'LogService';

/**
 * The dimension `service` is the name of the function, which differs from stage to stage. A deployed function reads it
 * from POWERTOOLS_SERVICE_NAME. These are the names in the default stage.
 */
export const DEFAULT_SERVICES = { ingest: 'dev-log-ingest', retrieval: 'dev-log-retrieval' } as const;

/** Emitted by the ingest function, once per request that comes as far as the metric says. */
export const INGEST_METRICS = {
  /** Entries confirmed by DynamoDB (count). */
  stored: 'EntriesStored',
  /** The same by severity: `stored` is their sum. */
  info: 'InfoEntriesStored',
  warning: 'WarningEntriesStored',
  error: 'ErrorEntriesStored',
  /** Items confirmed by DynamoDB: rows and blocks of entries, and dead letters (count). */
  items: 'ItemsStored',
  /** Entries refused by validation (count). */
  refused: 'EntriesRefused',
  /** Refused entries kept as dead letters (count). */
  deadLetters: 'DeadLettersStored',
  /** Size of the decompressed body (bytes). */
  bytes: 'IngestBytes',
  /** The age of the newest stored entry of a request (milliseconds). */
  lag: 'IngestLag',
  /** BatchWriteItem calls repeated after throttling, unprocessed items or an error, also for the catalogue (count). */
  retries: 'WriteRetries',
  /** The most shards that this process uses for any timeline (count; read its maximum, not its sum). */
  shards: 'ShardsInUse',
  /** 1 for a request answered with 503 because an acceptable entry could not be stored, else 0 (count). */
  unavailable: 'IngestUnavailable',
} as const;

/**
 * Emitted by the ingest function too, once per request and shipper, under the names of the same metrics of all shippers
 * together. The dimension `shipper` is a name in the stage's `shippers`, or `others`.
 */
export const SHIPPER_METRICS = {
  stored: INGEST_METRICS.stored,
  error: INGEST_METRICS.error,
  refused: INGEST_METRICS.refused,
  bytes: INGEST_METRICS.bytes,
} as const;

/** What the keys that were made by hand count as. */
export const OTHER_SHIPPERS = 'others';

/**
 * The stage variables of API Gateway that name the shippers begin with this. Each has the id of an API key, `=` and the
 * name of its shipper.
 */
export const SHIPPER_VARIABLE = 'shipper';

/**
 * Emitted by the ingest function for a request that stored entries which match a watch of the stage: how many (count).
 */
export function watchMetric(watch: string): string {
  return `Watch-${watch}`;
}

/** Emitted by the retrieval function, once per request that comes as far as the metric says. */
export const RETRIEVAL_METRICS = {
  /** Entries of a page (count). */
  returned: 'EntriesReturned',
  /** DynamoDB queries of index shards for one response (count). */
  queries: 'ShardQueries',
  /** Damaged blocks that were skipped, counted each time one is found (count). */
  unreadableBlocks: 'UnreadableBlocks',
  /** 1 for a request answered with 503 because the table could not be read, else 0 (count). */
  unavailable: 'RetrievalUnavailable',
} as const;

/** Emitted by Powertools in both functions, for the first request of a new execution environment. */
export const COLD_START_METRIC = 'ColdStart';
