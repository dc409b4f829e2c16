import { parseExactly } from '../../../entities/json-text.ts';
import { type Member, membersOf } from '../json-spans.ts';
import type { Span } from '../json-value.ts';
import { type Role, type Roles, rolesOf } from './member-roles.ts';

/** A JSON object: its bytes, and its value as parseExactly gives it. */
export interface JsonObject {
  value: Record<string, unknown>;
  body: Buffer;
  span: Span;
}

/** A member of an object. A name may occur more than once, and each time it is a member of its own. */
export interface RecordMember {
  name: string;
  value: unknown;
  roles: Roles;
  /** Where the name and the value are in the body. */
  span: Member;
  body: Buffer;
}

/** The members of an object in their order. */
export function readMembers({ value, body, span }: JsonObject): RecordMember[] {
  const members: RecordMember[] = [];
  for (const member of membersOf(body, span)) {
    const { name } = member;
    members.push({ name, value: value[name], roles: rolesOf(name), span: member, body });
  }
  // JSON.parse keeps only the last of several members of one name.
  if (members.length > Object.keys(value).length)
    for (const member of members) member.value = parseExactly(jsonOfValue(member));
  return members;
}

/** The JSON of some members as they were sent, without the braces of an object. */
export function jsonOfMembers(members: RecordMember[]): string {
  const spans: { body: Buffer; start: number; end: number }[] = [];
  for (const { body, span } of members) {
    const last = spans.at(-1);
    // Between members of one object there is a comma at least, so neighbours are one piece of the body.
    if (last?.body === body && last.end + 1 === span.start) last.end = span.end;
    else spans.push({ body, start: span.start, end: span.end });
  }
  return spans.map(({ body, start, end }) => body.toString('utf8', start, end)).join(',');
}

/** The JSON of a member's value as it was sent. */
export function jsonOfValue({ body, span }: RecordMember): string {
  return textOf(body, span.value);
}

function textOf(body: Buffer, { start, end }: Span): string {
  return body.toString('utf8', start, end);
}

/** The members of a member's value; none if it is no object. */
export function membersWithin({ value, body, span }: RecordMember): RecordMember[] {
  return isJsonObject(value) ? readMembers({ value, body, span: span.value }) : [];
}

/** How deep objects are searched for what the record itself does not have. */
const SEARCHED_LEVELS = 3;

/**
 * The members that can have a role, the best one first. Those in objects within the record come last, and cost nothing
 * unless they are drawn: `record.time.timestamp`, `log.level`.
 */
export function* membersWithRole(
  members: RecordMember[],
  role: Role,
  levels = SEARCHED_LEVELS,
): Generator<RecordMember> {
  yield* byRank(members, role);
  if (levels === 1) return;
  const around = members.filter(
    ({ value, roles }) => isJsonObject(value) && (roles.isWrapper || role in roles),
  );
  for (const member of around.sort((a, b) => compareRanks(a, b, role)))
    yield* membersWithRole(membersWithin(member), role, levels - 1);
}

/** The members that can have a role, the best one first. */
export function byRank(members: RecordMember[], role: Role): RecordMember[] {
  const able = members.filter(({ roles }) => roles[role] !== undefined);
  return able.length < 2 ? able : able.sort((a, b) => compareRanks(a, b, role));
}

/** By rank, then by name: the order of members decides only among members of one name. */
function compareRanks(a: RecordMember, b: RecordMember, role: Role): number {
  const difference = (a.roles[role] ?? 0) - (b.roles[role] ?? 0);
  if (difference !== 0 || a.name === b.name) return difference;
  return a.name < b.name ? 1 : -1;
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
