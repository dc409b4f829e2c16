import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import { type ApiFault, type FaultyApi, startFaultyApi } from './fault-api.ts';
import { getAll } from './http.ts';
import { stopPrograms } from './programs.ts';
import { type Service, startService } from './service.ts';

/** What shippers are tested against. All tests of a file share the service; everything else is new for each test. */
export interface Shipping {
  service: Service;
  /** Stands before the service. */
  api: FaultyApi;
  /** What happens to the next requests to the API. Later requests succeed. */
  faults: ApiFault[];
  folder: string;
  /** The entries whose message begins with a name and a colon, in the order of their messages. */
  stored(name: string): Promise<LogEntry[]>;
}

/** Sets up what the tests of a file share. @param faults what happens to the first requests of each test */
export function setUpShipping(faults: readonly ApiFault[] = []): Shipping {
  const shipping = {
    async stored(name) {
      const entries = await getAll(shipping.service.url);
      return entries
        .filter(({ message }) => message.startsWith(`${name}:`))
        .sort((a, b) => a.message.localeCompare(b.message));
    },
  } as Shipping;

  beforeAll(async () => {
    shipping.service = await startService();
  });
  beforeEach(async () => {
    shipping.faults = [...faults];
    shipping.api = await startFaultyApi(shipping.service.url, () => shipping.faults.shift() ?? 'none');
    shipping.folder = await mkdtemp(join(tmpdir(), 'shipping-'));
  });
  afterEach(async () => {
    await stopPrograms();
    await shipping.api.close();
    await rm(shipping.folder, { recursive: true });
  });
  afterAll(() => shipping.service.close());
  return shipping;
}
