import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import { type FaultyEngine, startFaultyEngine } from '../support/fault-engine.ts';
import { getAll, post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { ENGINE_ENDPOINT } from '../support/table.ts';

/** `npm run soak` sends 200,000, which takes minutes. */
const ENTRIES = Number(process.env.SOAK_ENTRIES ?? 20_000);
const CLIENTS = 4;
const ENTRIES_A_BATCH = 1_000;
const BATCHES_A_CLIENT = ENTRIES / CLIENTS / ENTRIES_A_BATCH;

/** Packed entries take a tenth of the writes, so that more of them must fail. */
const DENIED = process.env.PACKING === 'info' ? 0.03 : 0.003;

/** Tries of one batch, after which a client would be in a loop. */
const MOST_TRIES = 50;

let faultyEngine: FaultyEngine;
let service: Service;
beforeAll(async () => {
  faultyEngine = await startFaultyEngine(
    ENGINE_ENDPOINT,
    { unprocessed: 0.3, throttled: 0.05, reset: 0.01, denied: DENIED },
    1,
  );
  service = await startService({ AWS_ENDPOINT_URL_DYNAMODB: faultyEngine.url });
});
afterAll(async () => {
  await service.close();
  await faultyEngine.close();
});

test('every entry that four clients send is stored exactly once while the engine throttles and cuts connections', async () => {
  const statuses: number[] = [];
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => ship(client, statuses)));

  const stored = await getAll(service.url, '/logs?limit=1000');
  expect(stored).toHaveLength(ENTRIES);
  expect(new Set(stored.map(({ id }) => id)).size).toBe(ENTRIES);

  // A service that met no fault would pass as well.
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  for (const count of Object.values(faultyEngine.counts)) expect(count).toBeGreaterThan(0);
});

/** Sends the batches of one client, each until it is acknowledged. Every other one is gzip. */
async function ship(client: number, statuses: number[]): Promise<void> {
  for (let batch = 0; batch < BATCHES_A_CLIENT; batch++) {
    const lines = entriesOf(client, batch).map((entry) => JSON.stringify(entry));
    const body = lines.join('\n');
    await sendUntilAcknowledged(batch % 2 === 0 ? body : gzipSync(body), statuses);
  }
}

async function sendUntilAcknowledged(body: string | Buffer, statuses: number[]): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const response = await post(service.url, body);
    statuses.push(response.status);
    if (response.status === 503) continue;
    expect(await response.json()).toEqual({ accepted: ENTRIES_A_BATCH, rejected: [] });
    return;
  }
  throw new Error(`A batch was not acknowledged in ${MOST_TRIES} tries`);
}

/** Entries of three days, which are written side by side. */
function entriesOf(client: number, batch: number): LogEntry[] {
  return Array.from({ length: ENTRIES_A_BATCH }, (_, at) => ({
    id: `${client}-${batch}-${at}`,
    datetime: `2023-11-${15 + (at % 3)}T12:${String(batch).padStart(2, '0')}:00.${String(at).padStart(6, '0')}Z`,
    severity: at % 10 === 0 ? 'error' : 'info',
    message: `Client ${client} wrote line ${at} of batch ${batch}`,
  }));
}
