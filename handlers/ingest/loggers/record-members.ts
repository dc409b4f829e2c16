import { parseExactly, type TextMember, textMembersOf } from '../../../entities/json-text.ts';
import { type Role, type Roles, rolesOf } from './member-roles.ts';

/** A JSON object: its text, and its value as parseExactly gives it. */
export interface JsonObject {
  value: Record<string, unknown>;
  json: string;
}

/** A member of an object. A name may occur more than once, and each time it is a member of its own. */
export interface RecordMember extends TextMember {
  value: unknown;
  roles: Roles;
  /** The text of the object. */
  json: string;
}

/** The members of an object in their order. */
export function readMembers({ value, json }: JsonObject): RecordMember[] {
  const members = textMembersOf(json).map(({ name, start, valueStart, end }) => {
    return { name, value: value[name], roles: rolesOf(name), json, start, valueStart, end };
  });
  // JSON.parse keeps only the last of several members of one name.
  if (members.length > Object.keys(value).length)
    for (const member of members) member.value = parseExactly(jsonOfValue(member));
  return members;
}

/** The JSON of some members as they were sent, without the braces of an object. */
export function jsonOfMembers(members: RecordMember[]): string {
  let written = '';
  let last: RecordMember | undefined;
  let from = 0;
  for (const member of members) {
    // Between members of one object there is a comma at least, so neighbours are one piece of the text.
    const isNext = last?.json === member.json && last.end + 1 === member.start;
    if (!isNext) {
      if (last) written += `${last.json.slice(from, last.end)},`;
      from = member.start;
    }
    last = member;
  }
  return last ? written + last.json.slice(from, last.end) : written;
}

/** The JSON of a member's value as it was sent. */
export function jsonOfValue({ json, valueStart, end }: RecordMember): string {
  return json.slice(valueStart, end);
}

/** The members of a member's value; none if it is no object. */
export function membersWithin(member: RecordMember): RecordMember[] {
  const { value } = member;
  return isJsonObject(value) ? readMembers({ value, json: jsonOfValue(member) }) : [];
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
  const able: RecordMember[] = [];
  for (const member of members) if (member.roles[role] !== undefined) able.push(member);
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
