import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';

interface ExporterOptions {
  url: string;
  headers?: Record<string, string>;
  timeoutMillis: number;
  compression: CompressionAlgorithm;
}

/** The service asks for five seconds between tries, so the default of ten seconds for an export leaves one retry. */
const TIMEOUT_MS = 120_000;

/** @param Exporter of @opentelemetry/exporter-logs-otlp-proto or -http: either works */
export function createOpenTelemetryProvider(
  Exporter: new (options: ExporterOptions) => LogRecordExporter,
  options: { url: string; headers?: Record<string, string> },
): LoggerProvider {
  const processor = new BatchLogRecordProcessor({
    exporter: new Exporter({
      ...options,
      timeoutMillis: TIMEOUT_MS,
      // A batch of over 4.4 MB on the wire is answered 413, and the exporter drops it.
      compression: CompressionAlgorithm.GZIP,
    }),
    exportTimeoutMillis: TIMEOUT_MS,
    maxExportBatchSize: 500,
    // Records that do not fit while the service cannot be reached are dropped.
    maxQueueSize: 100_000,
  });
  return new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'checkout' }),
    processors: [processor],
  });
}
