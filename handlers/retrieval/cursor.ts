import { digest } from '../../entities/timeline.ts';
import type { GatewayRequest } from '../http/gateway.ts';
import { HttpProblem } from '../http/http-problem.ts';

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
