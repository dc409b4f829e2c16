import { describe, expect, test } from '@jest/globals';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { createOpenTelemetryProvider } from '../../examples/opentelemetry-sdk/provider.ts';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { getAll } from '../support/http.ts';
import {
  AFTER_RESTART,
  BEFORE_RESTART,
  expectEachLineOnce,
  SHIPPED_LINES,
  type ShippedLine,
} from '../support/shipped-lines.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping(TRYING_TIMES);

/** At the restart, two requests had been refused, and the answer to the third was lost. */
function expectTryingTimes(): void {
  expect(shipping.api.answers).toEqual([503, 503, 'reset', 200, 200]);
}

const SEVERITY_NUMBERS = {
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.FATAL,
};

/** What the service refuses: dated long after today. */
const FAR_FUTURE = Date.UTC(2200, 0);

describe('Every log record of OpenTelemetry is stored exactly once, through faults and a restart:', () => {
  test.each([
    ['JSON', JsonExporter],
    ['protobuf', ProtobufExporter],
  ])('%s, with a log.record.uid and without', async (encoding, Exporter) => {
    const uidOf = ({ number }: ShippedLine) => `${encoding}-${number}`;
    for (const lines of [BEFORE_RESTART, AFTER_RESTART]) {
      const provider = createOpenTelemetryProvider(Exporter, { url: `${shipping.api.url}/v1/logs` });
      const logger = provider.getLogger('test');
      for (const line of lines) {
        const { number, level, datetime, isPoison } = line;
        const record = {
          severityNumber: SEVERITY_NUMBERS[level],
          timestamp: isPoison ? FAR_FUTURE : Date.parse(datetime),
        };
        const attributes = { 'log.record.uid': uidOf(line) };
        logger.emit({ ...record, body: `${encoding} ${number}`, attributes });
        logger.emit({ ...record, body: `${encoding}-without-uid ${number}` });
      }
      await provider.shutdown();
    }

    expectTryingTimes();
    await expectEachLineOnce(shipping.service.url, encoding);
    await expectEachLineOnce(shipping.service.url, `${encoding}-without-uid`);
    const stored = (await getAll(shipping.service.url)).filter(({ message }) =>
      message.startsWith(`${encoding} `),
    );
    expect(stored.map(({ id }) => id).sort()).toEqual(
      SHIPPED_LINES.filter(({ isPoison }) => !isPoison)
        .map(uidOf)
        .sort(),
    );
    expect(stored.find(({ id }) => id === `${encoding}-0`)?.attributes).toEqual({
      'log.record.uid': `${encoding}-0`,
      'otel.scope.name': 'test',
      'service.name': 'checkout',
    });
  });

  test('20 records of 240 KB, which gzip brings below the limit of a request', async () => {
    const provider = createOpenTelemetryProvider(ProtobufExporter, {
      url: `${shipping.service.url}/v1/logs`,
    });
    const logger = provider.getLogger('test');
    const stack = 'at Checkout.pay (checkout.ts:12:5)\n'.repeat(7_000);
    for (let number = 0; number < 20; number++) logger.emit({ body: `large ${number} ${stack}` });
    await provider.shutdown();
    const stored = (await getAll(shipping.service.url)).filter(({ message }) => message.startsWith('large '));
    expect(stored).toHaveLength(20);
  });
});
