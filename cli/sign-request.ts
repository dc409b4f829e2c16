import { ServiceError } from '../client/service-error.ts';
import { UsageError } from './usage-error.ts';

/** The headers that sign a GET of a URL. A `+` in its query is a plus sign (RFC 3986), not a space. */
export type Sign = (url: URL) => Promise<Record<string, string>>;

/** API Gateway's own host names: the second label after the API's is the region. */
const EXECUTE_API_HOST = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/**
 * A signer with the AWS credentials of the environment (SigV4), for a URL of API Gateway or with `sign`. Undefined for
 * any other URL, so that credentials are never sent there. The region is the host's, or AWS_REGION.
 * @throws UsageError
 */
export function signerFor(
  { url, sign }: { url: URL; sign: boolean },
  env: Record<string, string | undefined>,
): Sign | undefined {
  const hostRegion = EXECUTE_API_HOST.exec(url.hostname)?.[1];
  if (!hostRegion && !sign) return undefined;
  if (hostRegion && url.protocol !== 'https:')
    throw new UsageError('API Gateway is reached by https only: begin --url with https://');
  const region = hostRegion ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (!region) throw new UsageError('--sign needs a region: set AWS_REGION');

  let signer: ReturnType<typeof createSigner> | undefined;
  return async (target) => {
    signer ??= createSigner(region);
    return (await signer)(target);
  };
}

/** Loads the AWS modules only when something is signed: they double the time that the command takes to start. */
async function createSigner(region: string): Promise<Sign> {
  const [{ SignatureV4 }, { defaultProvider }, { Hash }, { HttpRequest, parseQueryString }] =
    await Promise.all([
      import('@smithy/signature-v4'),
      import('@aws-sdk/credential-provider-node'),
      import('@smithy/core/serde'),
      import('@smithy/core/protocols'),
    ]);
  const signer = new SignatureV4({
    service: 'execute-api',
    region,
    credentials: defaultProvider(),
    sha256: Hash.bind(null, 'sha256'),
  });

  return async (url) => {
    const request = new HttpRequest({
      method: 'GET',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: parseQueryString(url.search),
      headers: { host: url.host },
    });
    const { host, ...headers } = (await signer.sign(request).catch(withoutCredentials)).headers;
    return headers;
  };
}

function withoutCredentials(cause: Error): never {
  if (cause.name !== 'CredentialsProviderError') throw cause;
  throw new ServiceError(`no AWS credentials to sign with: ${cause.message}`, {
    reason: 'no-credentials',
    cause,
  });
}
