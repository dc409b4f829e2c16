import { gzipSync } from 'node:zlib';

export interface LogEvent {
  id: string;
  timestamp: number;
  message: string;
}

/** The event with which CloudWatch Logs invokes a function, for log events of one stream. */
export function subscriptionEvent(logEvents: unknown[], overrides: Record<string, unknown> = {}) {
  const content = {
    messageType: 'DATA_MESSAGE',
    owner: '123456789012',
    logGroup: '/aws/lambda/checkout',
    logStream: '2026/11/28/[$LATEST]8f50',
    subscriptionFilters: ['dev-log-ingest'],
    logEvents,
    ...overrides,
  };
  return { awslogs: { data: gzipSync(JSON.stringify(content)).toString('base64') } };
}

let made = 0;

/** A log event of the last minute. Its id has 56 digits, as those of CloudWatch Logs. */
export function logEvent(message: string, timestamp = Date.now() - 60_000): LogEvent {
  made++;
  return { id: String(made).padStart(56, '0'), timestamp, message };
}
