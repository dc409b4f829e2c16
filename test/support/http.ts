import type { LogEntry, Severity } from '../../entities/entry.ts';

/** Posts a body as it is: a text, bytes, or anything else as JSON. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  return fetch(`${url}/logs`, { method: 'POST', headers, body: isRaw ? body : JSON.stringify(body) });
}

/** The URL of the next page, from a response's Link header. */
export function nextLink(response: Response): string | undefined {
  return /<([^>]*)>; rel="next"/.exec(response.headers.get('Link') ?? '')?.[1];
}

/** The entries that GET answers at a path such as `/logs?limit=10`. */
export async function get(url: string, path = '/logs'): Promise<LogEntry[]> {
  const response = await fetch(url + path);
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as LogEntry[];
}

/** All entries that paging from a path on yields, page by page. */
export async function getAll(url: string, path = '/logs'): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (let next: string | undefined = url + path; next; ) {
    const response: Response = await fetch(next);
    if (!response.ok) throw new Error(`GET ${next} answered ${response.status}: ${await response.text()}`);
    entries.push(...((await response.json()) as LogEntry[]));
    next = nextLink(response);
  }
  return entries;
}

/** What `GET /counts` answers. */
export interface Counts {
  buckets: ({ start: string } & Record<Severity, number>)[];
  countedBackTo: Partial<Record<Severity, string>>;
}

/** One page of counts, and the URL of the next. */
export async function getCounts(
  url: string,
  query: string,
): Promise<{ counts: Counts; next: string | undefined }> {
  const response = await fetch(`${url}/counts?${query}`);
  if (!response.ok) throw new Error(`GET /counts?${query} answered ${response.status}`);
  return { counts: (await response.json()) as Counts, next: nextLink(response) };
}
