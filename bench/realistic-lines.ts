import { randomInt, randomUUID } from 'node:crypto';

/** A line of an access log, as nginx writes it. */
export function accessLine(): string {
  const address = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
  const path = `${pick(PATHS)}/${randomInt(1_000_000)}?page=${randomInt(40)}&session=${randomUUID()}`;
  return `${address} - ${pick(USERS)} "${pick(METHODS)} ${path} HTTP/1.1" ${pick(STATUSES)} ${randomInt(90_000)} "https://${pick(HOSTS)}/" "${pick(AGENTS)}" ${randomInt(2_000)}ms`;
}

/** The same with the host in place of the header fields. */
export function shortAccessLine(datetime: string): string {
  const address = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
  return `${address} - ${pick(USERS)} [${datetime}] "${pick(METHODS)} ${pick(PATHS)}/${randomInt(1_000_000)}?page=${randomInt(40)} HTTP/1.1" ${pick(STATUSES)} ${randomInt(90_000)} ${pick(HOSTS)} ${randomInt(2_000)}ms`;
}

/** A JSON line of an application. */
export function applicationLine(datetime: string): string {
  return JSON.stringify({
    time: datetime,
    level: 'info',
    service: pick(SERVICES),
    host: pickHost(),
    trace_id: randomTrace(),
    event: pick(EVENTS),
    order_id: randomInt(10_000_000),
    amount: randomInt(100_000) / 100,
    duration_ms: randomInt(5_000),
  });
}

/** A line of logfmt. */
export function shortApplicationLine(): string {
  return `level=info service=${pick(SERVICES)} host=${pickHost()} event=${pick(EVENTS)} trace_id=${randomTrace()} order_id=${randomInt(10_000_000)} duration_ms=${randomInt(5_000)}`;
}

/** A request as pino-http logs it, with the header fields of both sides. */
export function pinoLine(datetime: string): string {
  return JSON.stringify({
    level: 30,
    time: Date.parse(datetime),
    pid: 17,
    hostname: pickHost(),
    name: pick(SERVICES),
    req: {
      id: randomUUID(),
      method: pick(METHODS),
      url: `${pick(PATHS)}/${randomInt(1_000_000)}?page=${randomInt(40)}`,
      headers: {
        host: pick(HOSTS),
        'x-forwarded-for': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`,
        'x-amzn-trace-id': `Root=1-${randomTrace().slice(0, 8)}-${randomTrace().slice(8)}`,
        'user-agent': pick(BROWSERS),
        accept: 'application/json, text/plain, */*',
        'accept-encoding': 'gzip, deflate, br',
        referer: `https://${pick(HOSTS)}${pick(PATHS)}`,
      },
      remoteAddress: `10.0.${randomInt(8)}.${randomInt(256)}`,
      remotePort: 1_024 + randomInt(60_000),
    },
    res: {
      statusCode: pick(STATUSES),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': `${randomInt(90_000)}`,
        etag: `W/"${randomTrace().slice(0, 20)}"`,
      },
    },
    responseTime: randomInt(2_000),
    msg: 'request completed',
  });
}

/** A stack trace of Node, which keeps ten frames. */
export function stackTrace(count: number): string {
  const frames = Array.from(
    { length: count },
    () =>
      `    at ${pick(SERVICES)}.${pick(EVENTS)} (/app/src/${pick(SERVICES)}/handler.ts:${randomInt(400)}:${randomInt(80)})`,
  );
  return `TypeError: Cannot read properties of undefined (reading '${pick(EVENTS)}')\n${frames.join('\n')}`;
}

/** The same with the properties of the error, as Node prints them. */
export function stackTraceWithProperties(): string {
  return `${stackTrace(10)} {\n  code: 'UPSTREAM_FAILED',\n  orderId: ${randomInt(10_000_000)},\n  requestId: '${randomUUID()}',\n  statusCode: ${pick([500, 502, 503, 504])},\n  upstream: '${pick(HOSTS)}'\n}`;
}

/** An error in one line. */
export function shortError(): string {
  return `PaymentError: ${pick(SERVICES)}.${pick(EVENTS)} failed for order ${randomInt(10_000_000)}, trace ${randomTrace()}: upstream answered ${pick([500, 502, 503, 504])} after ${randomInt(5_000)} ms`;
}

function pickHost(): string {
  return `ip-10-0-${randomInt(8)}-${randomInt(256)}`;
}

function randomTrace(): string {
  return randomUUID().replaceAll('-', '');
}

function pick<Value>(values: readonly [Value, ...Value[]]): Value {
  return values[randomInt(values.length)] as Value;
}

const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE'] as const;
const STATUSES = [200, 200, 200, 201, 204, 304, 400, 404] as const;
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
const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
] as const;
const AGENTS = [...BROWSERS, 'curl/8.14.1', 'kube-probe/1.33'] as const;
