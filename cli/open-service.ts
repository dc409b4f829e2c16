import { createLogClient, type Fetch, type LogClient } from '../client/log-client.ts';
import type { Sign } from './sign-request.ts';

/** A client of the service at `base`. Its requests are signed where `sign` is given. */
export function openService(base: URL, sign?: Sign): LogClient {
  return createLogClient(base, createFetch(sign));
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
