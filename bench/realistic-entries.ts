import { randomInt, randomUUID } from 'node:crypto';
import type { StoredEntry } from '../entities/log-entry.ts';

/** The share of errors, unless stated otherwise. */
const ERRORS = 0.05;

/** How long a shipper collects what it sends together. */
export const BATCH_MS = 5_000;

let made = 0;

/**
 * An entry as services write it: an access line, a JSON line of an application, sometimes a stack trace. As much of
 * it repeats as in real logs, because packing depends on that.
 */
export function realisticEntry(datetime: string, errors = ERRORS): StoredEntry {
  const isError = ++made % (1 / errors) < 1;
  return {
    id: randomUUID(),
    datetime,
    severity: isError ? 'error' : 'info',
    message: isError ? stackTrace() : made % 2 === 0 ? accessLine() : applicationLine(datetime),
  };
}

/** What a shipper has collected: entries of the seconds before a random instant of the last hour, the oldest first. */
export function realisticEntries(count: number, errors = ERRORS): StoredEntry[] {
  const end = Date.now() - randomInt(3_600_000);
  return Array.from({ length: count }, (_, at) =>
    realisticEntry(new Date(end - BATCH_MS + ((at + 1) * BATCH_MS) / count).toISOString(), errors),
  );
}

function accessLine(): string {
  const address = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
  const path = `${pick(PATHS)}/${randomInt(1_000_000)}?page=${randomInt(40)}&session=${randomUUID()}`;
  const status = pick([200, 200, 200, 201, 204, 304, 400, 404]);
  return `${address} - ${pick(USERS)} "${pick(METHODS)} ${path} HTTP/1.1" ${status} ${randomInt(90_000)} "https://${pick(HOSTS)}/" "${pick(AGENTS)}" ${randomInt(2_000)}ms`;
}

function applicationLine(datetime: string): string {
  return JSON.stringify({
    time: datetime,
    level: 'info',
    service: pick(SERVICES),
    host: `ip-10-0-${randomInt(8)}-${randomInt(256)}`,
    trace_id: randomUUID().replaceAll('-', ''),
    event: pick(EVENTS),
    order_id: randomInt(10_000_000),
    amount: randomInt(100_000) / 100,
    duration_ms: randomInt(5_000),
  });
}

/** Of four to ten frames. Node keeps ten. */
function stackTrace(): string {
  const frames = Array.from(
    { length: 4 + randomInt(7) },
    () =>
      `    at ${pick(SERVICES)}.${pick(EVENTS)} (/app/src/${pick(SERVICES)}/handler.ts:${randomInt(400)}:${randomInt(80)})`,
  );
  return `TypeError: Cannot read properties of undefined (reading '${pick(EVENTS)}')\n${frames.join('\n')}`;
}

function pick<Value>(values: readonly [Value, ...Value[]]): Value {
  return values[randomInt(values.length)] as Value;
}

const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE'] as const;
const PATHS = [
  '/api/v1/orders',
  '/api/v1/customers',
  '/api/v2/search',
  '/assets/img',
  '/health',
  '/login',
] as const;
const USERS = ['-', '-', '-', 'alice', 'bob', 'carol'] as const;
const HOSTS = ['shop.example.com', 'admin.example.com', 'www.example.org'] as const;
const SERVICES = ['checkout', 'catalog', 'payment', 'shipping', 'accounts', 'search'] as const;
const EVENTS = ['orderPlaced', 'paymentAuthorized', 'cartUpdated', 'stockReserved', 'mailQueued'] as const;
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
  'curl/8.14.1',
  'kube-probe/1.33',
] as const;
