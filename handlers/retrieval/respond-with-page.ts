import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Collect, OnUnreadableBlock, Page, PageQuery } from '../../entities/read/read-page.ts';
import { digest, instantOf } from '../../entities/timeline.ts';
import type { GatewayRequest, HttpResponse } from '../http/gateway.ts';
import { HttpProblem } from '../http/http-problem.ts';
import type { Powertools } from '../http/lambda-handler.ts';
import { RESPONSE_LIMIT_BYTES } from '../limits.ts';
import { RETRIEVAL_METRICS } from '../metric-names.ts';
import type { PageParameters } from './query-parameters.ts';

interface PageSource {
  parameters: PageParameters;
  /** What the sequence depends on besides the resource and the time span. A cursor is valid for one sequence. */
  filter: object;
  /** Collects the JSON of each value. */
  read(query: PageQuery, collect: Collect<string>): Promise<Page>;
  /** The detail of a 404 if the whole sequence is empty. Default: an empty sequence is an empty page. */
  nothingFound?: string;
}

/**
 * Reads a page and responds with its values and, if there may be more, with a link to the next page.
 * @throws HttpProblem 400 for a wrong cursor, 404 for `nothingFound`
 */
export async function respondWithPage(
  powertools: Powertools,
  request: GatewayRequest,
  { parameters, filter, read, nothingFound }: PageSource,
): Promise<HttpResponse> {
  const { limit, cursor, from, to } = parameters;
  const sequence = { resource: request.resource, ...filter, from, to };
  const body = new PageBody();
  const page = await read(
    { limit, below: startOf(parameters, sequence), from, to, onUnreadableBlock: reportBlocks(powertools) },
    body.collect,
  );
  report(powertools, page);
  const isSequenceEmpty = page.count === 0 && page.below === undefined && cursor === undefined;
  if (nothingFound !== undefined && isSequenceEmpty) throw new HttpProblem(404, nothingFound);

  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (page.below !== undefined) {
    headers.Link = linkToNext(request, { cursor: toCursor(page.below, sequence) });
    // A search may look at many entries and find none. This header shows its progress.
    headers['Searched-Back-To'] = instantOf(page.below);
  }
  return { status: 200, headers, body: body.toString() };
}

/**
 * Collects the JSON of the values of a page until the response reaches RESPONSE_LIMIT_BYTES. Lambda writes the body
 * into a JSON string, where each quote and backslash takes two bytes, so they are counted as two.
 */
export class PageBody {
  private readonly items: string[] = [];
  private bytes = 0;

  /** Adds a value if it fits, and returns whether it did. The first value is always added. */
  readonly collect = (json: string): boolean => {
    this.bytes += Buffer.byteLength(JSON.stringify(json)) + 1;
    if (this.items.length > 0 && this.bytes > RESPONSE_LIMIT_BYTES) return false;
    this.items.push(json);
    return true;
  };

  toString(): string {
    return `[${this.items.join(',')}]`;
  }
}

function report({ logger, metrics, tracer }: Powertools, { count, queries, below }: Page): void {
  metrics.addMetric(RETRIEVAL_METRICS.returned, MetricUnit.Count, count);
  metrics.addMetric(RETRIEVAL_METRICS.queries, MetricUnit.Count, queries);
  tracer.putAnnotation('returned', count);
  logger.info('Page read', { returned: count, queries, hasNext: below !== undefined });
}

/** Reports damaged blocks, which are skipped. The cause quotes messages, so only the block's place is logged. */
export function reportBlocks({ logger, metrics }: Powertools): OnUnreadableBlock {
  return ({ bucket, place }, { message }) => {
    metrics.addMetric(RETRIEVAL_METRICS.unreadableBlocks, MetricUnit.Count, 1);
    logger.error(message, { partition: bucket, block: place });
  };
}

/** Where a page begins. @throws HttpProblem 400 for a cursor of another query or before `from` */
export function startOf(
  { cursor, from, to }: { cursor?: string; from?: string; to?: string },
  query: unknown,
): string | undefined {
  const below = cursor === undefined ? to : toPosition(cursor, query);
  if (below !== undefined && from !== undefined && below < from)
    throw new HttpProblem(400, 'cursor lies before from: leave one of them out', {
      extension: { errors: [{ path: 'cursor', message: 'lies before from' }] },
    });
  return below;
}

/** The Link header that leads to the same request with some of its parameters changed (RFC 8288). */
export function linkToNext({ url, query }: GatewayRequest, changed: Record<string, string>): string {
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changed)) parameters.set(name, value);
  return `<${url}?${parameters}>; rel="next"`;
}

/** The version of the cursor's format. Changing it makes older cursors invalid. */
const VERSION = 1;

const CHECKSUM_CHARACTERS = 16;

/** A position begins with an instant or with the end of a day. */
const POSITION = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{9}Z[#~]|~)/;

/** Bytes of a sort key in DynamoDB. A position becomes one. */
const POSITION_LIMIT_BYTES = 1_024;

/**
 * A cursor names a position in the sequence of one query. The checksum detects damage and use with another query.
 * It needs no secret, because a client could ask for the same entries with `to`.
 * @param query what the sequence depends on: the resource and its filters
 */
export function toCursor(position: string, query: unknown): string {
  return Buffer.from(checksum(position, query) + position).toString('base64url');
}

/** The position that a cursor names. @throws HttpProblem 400 if it is damaged or belongs to another query */
export function toPosition(cursor: string, query: unknown): string {
  const token = Buffer.from(cursor, 'base64url').toString();
  const position = token.slice(CHECKSUM_CHARACTERS);
  const isPosition = POSITION.test(position) && Buffer.byteLength(position) <= POSITION_LIMIT_BYTES;
  if (!isPosition || toCursor(position, query) !== cursor)
    throw new HttpProblem(
      400,
      'cursor is damaged or belongs to other parameters: copy it whole from a Link header',
      {
        extension: { errors: [{ path: 'cursor', message: 'does not belong to this query' }] },
      },
    );
  return position;
}

function checksum(position: string, query: unknown): string {
  return digest(JSON.stringify([VERSION, query, position]), CHECKSUM_CHARACTERS);
}
