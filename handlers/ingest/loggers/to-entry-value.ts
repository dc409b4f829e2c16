import { NotATimeError } from '../../../entities/date-time-text.ts';
import { InvalidInstantError, instantAt, parseInstant } from '../../../entities/instant.ts';
import { parseExactly } from '../../../entities/json-text.ts';
import { FUTURE_LIMIT_MS } from '../../limits.ts';
import { type EntryValue, type Refused, refuse } from '../check-and-store.ts';
import { isId } from '../entry-schema.ts';
import type { JsonRecord } from '../json-records.ts';
import { requireModest } from '../json-value.ts';
import { severityOfText } from '../severity-of-text.ts';
import { severityOfLambdaLine } from './lambda-line.ts';
import { MEMBER_NAMES } from './member-roles.ts';
import { readMessage } from './read-message.ts';
import { readSeverity } from './read-severity.ts';
import { readTime } from './read-time.ts';
import {
  byRank,
  isJsonObject,
  type JsonObject,
  jsonOfMembers,
  membersWithRole,
  type RecordMember,
  readMembers,
} from './record-members.ts';

/**
 * The entry in a record of a logger, still to be checked like any other; or why there is none. The first member that
 * is a time, a severity, a message is the entry's; each other member is an attribute, as it was sent. Of attributes
 * of one name, what is nearest to the message comes last, because most programs that read JSON keep the last.
 * @param record parsed with every digit of its numbers
 * @param idOf makes the id of a record that has none, from the number that orders the records of its sender
 * @param options `ownTime`: the time is that of the record itself, whatever a record in its message says
 */
export function toEntryValue(
  { value, json, envelope }: JsonRecord,
  idOf: (sequence: string) => string,
  { ownTime = false } = {},
): EntryValue | Refused {
  if (!isJsonObject(value)) return refuse('', 'must be a JSON object with a time and a message');
  const outer = readMembers({ value, json });
  const written = readMessage(outer);
  const stated = readSeverity(outer, value);
  const line = stated ? undefined : jsonLineIn(written?.member?.value);
  const inner = line ? readMembers(line) : [];

  const time = ownTime ? readTimeOf(outer) : readTimeOf(inner, outer);
  if (time === undefined) return refuse('time', NO_TIME);
  if ('errors' in time) return time;
  const severity = stated ?? (line && readSeverity(inner, line.value));
  const message = (line && readMessage(inner)) ?? written;
  const id = outer.find((member) => member.name === 'id' && isId(idText(member)));

  const used = [id, time.member, severity?.member, message?.member, line && written?.member];
  const others = outer.concat(inner).filter((member) => !used.includes(member));
  const attributes = [envelope?.members, jsonOfMembers(others)].filter(Boolean).join(',');
  return {
    value: {
      id: id ? idText(id) : idOf(sequenceIn(outer)),
      datetime: time.datetime,
      severity:
        severity?.severity ??
        severityOfLambdaLine(message?.text ?? '') ??
        severityOfText(envelope?.name ?? '') ??
        'info',
      message: message?.text ?? textOfAttributes(others),
      ...(attributes && { attributes: withAttributes(value, line?.value, envelope?.members) }),
    },
    attributes: () => `{${attributes}}`,
  };
}

/** Shippers put what an application writes into a text. Without a severity beside it, such a line is the record. */
function jsonLineIn(text: unknown): JsonObject | undefined {
  const json = typeof text === 'string' ? text.trim() : '';
  if (!json.startsWith('{') || !json.endsWith('}')) return undefined;
  try {
    const body = Buffer.from(json);
    requireModest(body, { start: 0, end: body.length });
    const value = parseExactly(json);
    return isJsonObject(value) ? { value, json } : undefined;
  } catch {
    return undefined;
  }
}

/** Times before are usually something else: seconds that a request took, or a clock that was never set. */
const PLAUSIBLE_FROM = '2000-01-01T00:00:00.000000000Z';

/** More than any logger writes. A record can have any number of members, and each costs what it takes to read a text. */
const MOST_TIMES_TRIED = 20;

/** The rank of names that only may be those of a time: `at` is a place in one record and a time in another. */
const UNUSUAL_TIME = MEMBER_NAMES.time.indexOf('*');

interface TimeOfRecord {
  datetime: string;
  member: RecordMember;
}

/**
 * The first plausible time; else why a text that has a date and a time is none, such as one without a zone; else the
 * first time; else why the first member of a usual name is none.
 */
function readTimeOf(...parts: RecordMember[][]): TimeOfRecord | Refused | undefined {
  const plausibleUpTo = instantAt(Date.now() + FUTURE_LIMIT_MS);
  let implausible: TimeOfRecord | undefined;
  let ambiguity: Refused | undefined;
  let fault: Refused | undefined;
  let tried = 0;
  for (const members of parts)
    for (const member of membersWithRole(members, 'time')) {
      if (member.value === null || member.value === '') continue;
      if (++tried > MOST_TIMES_TRIED) break;
      try {
        const datetime = readTime(withNanos(member, members));
        const instant = parseInstant(datetime);
        if (instant >= PLAUSIBLE_FROM && instant <= plausibleUpTo) return { datetime, member };
        implausible ??= { datetime, member };
      } catch (error) {
        if (!(error instanceof InvalidInstantError)) throw error;
        const refused = refuse(member.name, error.message);
        if (!(error instanceof NotATimeError)) ambiguity ??= refused;
        else if (member.roles.time !== UNUSUAL_TIME) fault ??= refused;
      }
    }
  return ambiguity ?? implausible ?? fault;
}

/** The value of a member. Spring for Google Cloud writes the time as two: timestampSeconds and timestampNanos. */
function withNanos({ name, value }: RecordMember, members: RecordMember[]): unknown {
  if (!name.endsWith('Seconds')) return value;
  const nanos = members.find((other) => other.name === name.replace(/Seconds$/, 'Nanos'));
  return nanos ? { seconds: value, nanos: nanos.value } : value;
}

const NO_TIME =
  'has no time: switch it on (winston: format.timestamp(), tslog and pino: their default, Python: a timestamp in the JSON formatter), or send one as RFC 3339 or as an epoch number';

function idText({ value }: RecordMember): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Digits of the longest number that orders records: 64 bits. */
const SEQUENCE_DIGITS = 20;

/** The number that orders the records of a sender, as a text that sorts as the number does; empty if there is none. */
function sequenceIn(members: RecordMember[]): string {
  const digits = byRank(members, 'sequence')
    .map(({ value }) => String(value))
    .find((text) => /^\d{1,20}$/.test(text));
  return digits?.padStart(SEQUENCE_DIGITS, '0') ?? '';
}

/** Characters of a message that is made of the attributes. */
const MADE_TEXT_CHARACTERS = 8_192;

/** What a record says that has no message. Empty if it says nothing. */
function textOfAttributes(members: RecordMember[]): string {
  const telling = members.filter(({ value }) => value !== null && value !== '');
  const json = telling.length === 0 ? '' : `{${jsonOfMembers(telling)}}`;
  return json.length > MADE_TEXT_CHARACTERS ? `${json.slice(0, MADE_TEXT_CHARACTERS).toWellFormed()}…` : json;
}

/** An object that has all attributes, to be checked. It is not copied for a plain record: what else that has is valid. */
function withAttributes(
  value: object,
  line: object | undefined,
  envelopeMembers: string | undefined,
): object {
  if (!line && !envelopeMembers) return value;
  return { ...JSON.parse(`{${envelopeMembers ?? ''}}`), ...value, ...line };
}
