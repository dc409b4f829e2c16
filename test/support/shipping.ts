import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import { type ApiFault, type FaultyApi, startFaultyApi } from './fault-api.ts';
import { getAll } from './http.ts';
import { stopPrograms } from './programs.ts';
import { type Service, startService } from './service.ts';

/** What shippers are tested against. The service serves all tests of a file, the other parts are new for each. */
export interface Shipping {
  service: Service;
  /** Stands before the service. */
  api: FaultyApi;
  /** What becomes of the next requests to the API. Those after them succeed. */
  faults: ApiFault[];
  folder: string;
  /** The entries whose message begins with a name and a colon, in the order of their messages. */
  stored(name: string): Promise<LogEntry[]>;
}

/** Sets it up for the tests of a file. @param faults what becomes of the first requests of each test */
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
