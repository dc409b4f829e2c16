import { hash } from 'node:crypto';
import { HttpProblem } from '../http/http-problem.ts';

/** The version of the token's format. Changing it makes older tokens invalid. */
const VERSION = 1;

const CHECKSUM_CHARACTERS = 16;

/** A position begins with an instant or with the end of a day. */
const POSITION = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{9}Z[#~]|~)/;

/**
 * A cursor names a position in the sequence of one query. The checksum detects damage and use with another query.
 * It needs no secret, because a client could ask for the same entries with `to`.
 * @param query what the sequence depends on: the resource and its filters
 */
export function toCursor(position: string, query: unknown): string {
  return Buffer.from(checksum(position, query) + position).toString('base64url');
}

/** Bytes of a sort key in DynamoDB, which a position becomes. */
const POSITION_LIMIT_BYTES = 1_024;

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
  return hash('sha256', JSON.stringify([VERSION, query, position]), 'base64url').slice(
    0,
    CHECKSUM_CHARACTERS,
  );
}
