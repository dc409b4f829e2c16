/**
 * The names under which the functions publish metrics (CloudWatch EMF) and monitoring reads them.
 * Pure data: it imports nothing. Every metric has the one dimension `service`.
 */
export const METRIC_NAMESPACE = 'LogService';

/** Powertools service names, and so the values of the dimension `service`. */
export const SERVICES = { ingest: 'log-ingest', retrieval: 'log-retrieval' } as const;

/** Emitted once a request by the ingest function. */
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
  /** Requests answered 503: an acceptable entry could not be stored (count). */
  unavailable: 'IngestUnavailable',
} as const;

/** Emitted once a request by the retrieval function. */
export const RETRIEVAL_METRICS = {
  /** Entries in the answer (count). */
  returned: 'EntriesReturned',
  /** DynamoDB queries of index shards behind one answer (count). */
  queries: 'ShardQueries',
  /** Requests answered 503: the table could not be read (count). */
  unavailable: 'RetrievalUnavailable',
} as const;

/** Emitted by both on the first request of a new execution environment, by Powertools. */
export const COLD_START_METRIC = 'ColdStart';
