import { setTimeout } from 'node:timers/promises';
import { createLogService, type Fetch, type LogService } from '../client/log-service.ts';
import { ServiceError } from '../client/service-error.ts';
import type { Sign } from './sign-request.ts';

/** Waits before a refused read is tried again, in milliseconds. A throttle lifts within seconds. */
const RETRY_WAITS = [500, 2_000];

/** The service at `base`. Its requests are signed where `sign` is given, and reads are retried for a moment. */
export function openService(base: URL, sign?: Sign): LogService {
  const service = createLogService(base, createFetch(sign));
  return { ...service, page: (url, signal) => readPatiently(() => service.page(url, signal)) };
}

function createFetch(sign?: Sign): Fetch {
  return async (url, { headers, signal }) => {
    const target = withStrictQuery(url);
    return fetch(target, {
      headers: { ...headers, ...(await sign?.(target)) },
      // A redirect would carry the signature and its session token to whatever host it names.
      redirect: 'manual',
      signal,
    });
  };
}

/** SigV4's own encoding (RFC 3986, no `+` for a space), so that what is sent is what is signed. */
function withStrictQuery(url: URL): URL {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const strict = new URL(url);
  strict.search = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  return strict;
}

async function readPatiently<Answer>(read: () => Promise<Answer>, waits = RETRY_WAITS): Promise<Answer> {
  const [wait, ...laterWaits] = waits;
  try {
    return await read();
  } catch (error) {
    const isRefusedForNow = error instanceof ServiceError && error.reason === 'refused' && error.passing;
    if (!isRefusedForNow || wait === undefined) throw error;
  }
  await setTimeout(wait);
  return readPatiently(read, laterWaits);
}
