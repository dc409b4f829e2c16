/**
 * The names under which the functions publish metrics (CloudWatch EMF) and monitoring reads them.
 * Pure data: it imports nothing. Every metric has the one dimension `service`; Powertools adds
 * `function_name` to its own ColdStart.
 */
export const METRIC_NAMESPACE = 'LogService';

/**
 * The dimension `service` is the name of the function, so that stages in one account are told apart. A deployed
 * function finds its name in POWERTOOLS_SERVICE_NAME; these are the names in the default stage.
 */
export const DEFAULT_SERVICES = { ingest: 'dev-log-ingest', retrieval: 'dev-log-retrieval' } as const;

/** Emitted by the ingest function, once a request that comes so far. */
export const INGEST_METRICS = {
  /** Entries confirmed by DynamoDB (count). */
  stored: 'EntriesStored',
  /** Entries refused by validation (count). */
  refused: 'EntriesRefused',
  /** Refused entries kept as dead letters (count). */
  deadLetters: 'DeadLettersStored',
  /** Bytes of the body, unpacked (bytes). */
  bytes: 'IngestBytes',
  /** How far the newest stored entry of a request lies behind the clock (milliseconds). */
  lag: 'IngestLag',
  /** BatchWriteItem calls sent again after a throttle, an unprocessed item or a fault (count). */
  retries: 'WriteRetries',
  /** The most shards that this process uses for any timeline (count; read its maximum, not its sum). */
  shards: 'ShardsInUse',
  /** Requests answered 503, an acceptable entry could not be stored: 1, else 0 (count). */
  unavailable: 'IngestUnavailable',
} as const;

/** Emitted by the retrieval function, once a request that comes so far. */
export const RETRIEVAL_METRICS = {
  /** Entries in the answer (count). */
  returned: 'EntriesReturned',
  /** DynamoDB queries of index shards behind one answer (count). */
  queries: 'ShardQueries',
  /** Requests answered 503, the table could not be read: 1, else 0 (count). */
  unavailable: 'RetrievalUnavailable',
} as const;

/** Emitted by both on the first request of a new execution environment, by Powertools. */
export const COLD_START_METRIC = 'ColdStart';
