import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';

interface ExporterOptions {
  url: string;
  headers?: Record<string, string>;
  timeoutMillis: number;
}

/** The service asks for five seconds between tries: of the ten that an export has by default, one try is left. */
const TIMEOUT_MS = 120_000;

/** @param Exporter of @opentelemetry/exporter-logs-otlp-proto or -http: both are read */
export function createOpenTelemetryProvider(
  Exporter: new (options: ExporterOptions) => LogRecordExporter,
  options: { url: string; headers?: Record<string, string> },
): LoggerProvider {
  const processor = new BatchLogRecordProcessor({
    exporter: new Exporter({ ...options, timeoutMillis: TIMEOUT_MS }),
    exportTimeoutMillis: TIMEOUT_MS,
    maxExportBatchSize: 1_000,
    // What does not fit while the service cannot be reached is dropped.
    maxQueueSize: 100_000,
  });
  return new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'checkout' }),
    processors: [processor],
  });
}
