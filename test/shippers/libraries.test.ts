import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import type { LogEntry } from '../../entities/entry.ts';
import { type FaultyApi, inTurn, startFaultyApi, TRYING_TIMES } from '../support/fault-api.ts';
import { getAll } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { createOpenTelemetryProvider } from './opentelemetry-provider.ts';
import { createPinoLogger } from './pino-logger.ts';
import { createWinstonLogger } from './winston-logger.ts';

let service: Service;
let api: FaultyApi;
beforeAll(async () => {
  service = await startService();
});
beforeEach(async () => {
  api = await startFaultyApi(service.url, inTurn(...TRYING_TIMES));
});
afterEach(() => api.close());
afterAll(() => service.close());

const LINES = Array.from({ length: 30 }, (_, at) => ({
  number: at,
  level: (['info', 'warn', 'error'] as const)[at % 3] ?? 'info',
  severity: ['info', 'warning', 'error'][at % 3],
}));

/** The stored entries of one shipper, in the order of their ids. */
async function storedBy(shipper: string): Promise<LogEntry[]> {
  const entries = await getAll(service.url);
  return entries
    .filter(({ message }) => message.startsWith(`${shipper} `))
    .sort((a, b) => Number(a.message.split(' ').at(-1)) - Number(b.message.split(' ').at(-1)));
}

/** It was turned away twice, did not hear that the third try worked, and sent again. */
function expectTryingTimes(): void {
  expect(api.answers).toEqual([503, 503, 'reset', 200]);
}

const expected = (shipper: string) =>
  LINES.map(({ number, severity }) => ({
    id: `${shipper}-${number}`,
    datetime: expect.any(String),
    severity,
    message: `${shipper} ${number}`,
  }));

describe('Every line of a shipper is stored exactly once, through faults:', () => {
  test('winston, whose HTTP transport is made to send again', async () => {
    const { hostname, port } = new URL(api.url);
    const logger = createWinstonLogger({ host: hostname, port: Number(port), path: '/logs' });
    for (const { number, level } of LINES)
      logger.log(level, `winston ${number}`, { id: `winston-${number}` });

    await api.untilAcknowledged();
    expectTryingTimes();
    expect(await storedBy('winston')).toEqual(expected('winston'));
  });

  test('pino with pino-http-send', async () => {
    const logger = createPinoLogger(`${api.url}/logs`, {});
    for (const { number, level } of LINES) logger[level]({ id: `pino-${number}` }, `pino ${number}`);

    await api.untilAcknowledged();
    expectTryingTimes();
    expect(await storedBy('pino')).toEqual(expected('pino'));
  });

  test.each([
    ['JSON', JsonExporter],
    ['protobuf', ProtobufExporter],
  ])('OpenTelemetry in %s, with a log.record.uid and without', async (encoding, Exporter) => {
    const provider = createOpenTelemetryProvider(Exporter, { url: `${api.url}/v1/logs` });
    const logger = provider.getLogger('test');
    const severities = { info: SeverityNumber.INFO, warn: SeverityNumber.WARN, error: SeverityNumber.FATAL };
    for (const { number, level } of LINES) {
      const record = { severityNumber: severities[level], timestamp: 1_700_000_000_000 + number };
      const id = `${encoding}-${number}`;
      logger.emit({ ...record, body: `${encoding} ${number}`, attributes: { 'log.record.uid': id } });
      logger.emit({ ...record, body: `without-uid-${encoding} ${number}` });
    }
    await provider.shutdown();

    expectTryingTimes();
    const stored = await storedBy(encoding);
    expect(stored.map(({ attributes, ...fields }) => fields)).toEqual(expected(encoding));
    expect(stored[0]?.attributes).toEqual({
      'log.record.uid': `${encoding}-0`,
      'otel.scope.name': 'test',
      'service.name': 'checkout',
    });
    const derived = await storedBy(`without-uid-${encoding}`);
    expect(derived).toHaveLength(LINES.length);
    expect(new Set(derived.map(({ id }) => id)).size).toBe(LINES.length);
  });
});
