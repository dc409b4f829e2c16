import type { Role } from './member-roles.ts';
import { byRank, isJsonObject, jsonOfValue, membersWithin, type RecordMember } from './record-members.ts';

/** A message, and the member that says nothing else. */
export interface Message {
  text: string;
  member?: RecordMember;
}

/** How deep objects are searched for a text. */
const SEARCHED_LEVELS = 4;

/**
 * The message in the members of a record: the first that is a text or a number; else the text in the first object that
 * has one; else any other text that usually says something; else the JSON of the first object. Undefined if there is
 * none of these.
 */
export function readMessage(members: RecordMember[]): Message | undefined {
  return textIn(members, 'message') ?? textIn(members, 'text') ?? objectIn(members);
}

function textIn(members: RecordMember[], role: Role, levels = SEARCHED_LEVELS): Message | undefined {
  const able = byRank(members, role);
  for (const member of able) if (isText(member.value)) return { text: String(member.value), member };
  if (levels === 1) return undefined;
  for (const member of able) {
    const text = Array.isArray(member.value)
      ? toLine(member.value)
      : textIn(membersWithin(member), 'message', levels - 1)?.text;
    if (text) return { text };
  }
  return undefined;
}

/** What the arguments of a logging function say, as console.log writes them. */
function toLine(values: unknown[]): string {
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ');
}

function objectIn(members: RecordMember[]): Message | undefined {
  const member = byRank(members, 'message').find(
    ({ value }) => isJsonObject(value) && Object.keys(value).length > 0,
  );
  return member && { text: jsonOfValue(member) };
}

function isText(value: unknown): boolean {
  return (
    (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'
  );
}
