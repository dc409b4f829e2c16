import type { Severity } from '../../../entities/entry.ts';
import { InvalidInstantError, parseInstant } from '../../../entities/instant.ts';
import { findAttribute } from '../../../entities/matches.ts';
import { type EntryValue, type Refused, refuse } from '../check-and-store.ts';
import { isId } from '../entry-schema.ts';
import type { JsonRecord } from '../json-records.ts';
import { membersOf, type Span } from '../json-spans.ts';
import { severityOfNumber } from '../severity-of-number.ts';
import { severityOfText } from '../severity-of-text.ts';
import { readTime } from './read-time.ts';

// Where loggers write these, the most usual first. A name with dots is a member, or else leads into nested objects.
export const TIME_MEMBERS = [
  ...'datetime time timestamp @timestamp ts date'.split(' '),
  // log4j2, .NET, Serilog, loguru, MongoDB
  ...'instant timeMillis Timestamp @t record.time.timestamp t.$date'.split(' '),
];
export const SEVERITY_MEMBERS = [
  ...'severity level log.level lvl levelname priority'.split(' '),
  // .NET, Serilog, HashiCorp, loguru, MongoDB
  ...'LogLevel Level @l @level record.level.name s'.split(' '),
];
export const MESSAGE_MEMBERS = [
  ...'message msg log short_message MESSAGE'.split(' '),
  // .NET, Serilog, HashiCorp, loguru, Rust's tracing, structlog
  ...'Message RenderedMessage MessageTemplate @m @mt @message record.message fields.message event'.split(' '),
];

const DATED = new Set(TIME_MEMBERS.flatMap((name) => [name, name.split('.')[0]]));
const ENTRY_MEMBERS = new Set(MESSAGE_MEMBERS);

/** Whether one of the members of an object may be a time, or lead to one. */
export function isDated(names: string[]): boolean {
  return names.some((name) => DATED.has(name));
}

/** Whether one of the members of an object may be a message. */
export function isEntry(names: string[]): boolean {
  return names.some((name) => ENTRY_MEMBERS.has(name));
}

/** Texts that say no more than the severity of the entry. Others stay in the attributes: `debug`, `fatal`, 60. */
const PLAIN_SEVERITIES = new Set(['info', 'warn', 'warning', 'err', 'error', '30', '40', '50']);

const NO_TIME =
  'has no time: switch it on (winston: format.timestamp(), tslog and pino: their default, Python: a timestamp in the JSON formatter), or send one as RFC 3339 or as an epoch number';

/**
 * The entry in a record of a logger, still to be checked like any other; or why there is none. Members that an entry
 * has no field for become its attributes.
 * @param record parsed with every digit of its numbers
 * @param idOf makes the id of a record that has none
 */
export function toEntryValue({ value, body, span }: JsonRecord, idOf: () => string): EntryValue | Refused {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('', 'must be a JSON object with a time and a message');
  const record = value as Record<string, unknown>;
  const timeMember = TIME_MEMBERS.find((name) => isSet(valueAt(record, name)));
  if (timeMember === undefined) return refuse('time', NO_TIME);
  try {
    const datetime = readTime(valueAt(record, timeMember));
    parseInstant(datetime);
    const id = idIn(record);
    const { severity, member: severityMember } = severityOf(record);
    const messageMember = MESSAGE_MEMBERS.find((name) => isScalar(valueAt(record, name)));
    const used = new Set([timeMember, severityMember, messageMember, id !== undefined && 'id']);
    const others = Object.entries(record).filter(([name]) => !used.has(name));
    return {
      value: {
        id: id ?? idOf(),
        datetime,
        severity,
        message: messageMember === undefined ? '' : String(valueAt(record, messageMember)),
        ...(others.length > 0 && { attributes: Object.fromEntries(others) }),
      },
      attributes: () => membersWithout(body, span, used),
    };
  } catch (error) {
    if (!(error instanceof InvalidInstantError)) throw error;
    return refuse(timeMember, error.message);
  }
}

function idIn({ id }: Record<string, unknown>): string | undefined {
  const text = typeof id === 'string' || typeof id === 'number' ? String(id) : '';
  return isId(text) ? text : undefined;
}

/** The severity, and its member if the member says nothing else. */
function severityOf(record: Record<string, unknown>): { severity: Severity; member?: string } {
  const member = SEVERITY_MEMBERS.find((name) => isScalar(valueAt(record, name)));
  const text = member === undefined ? '' : String(valueAt(record, member));
  const number = text.trim() === '' ? Number.NaN : Number(text);
  const severity = severityOfNumber(number, member ?? '', record) ?? severityOfText(text) ?? 'info';
  return PLAIN_SEVERITIES.has(text.toLowerCase()) ? { severity, member } : { severity };
}

function valueAt(record: Record<string, unknown>, name: string): unknown {
  return findAttribute(record, name)?.value;
}

/** The JSON of an object without some of its members, the others as they were sent. */
function membersWithout(body: Buffer, object: Span, used: Set<unknown>): string {
  const members: string[] = [];
  for (const { name, start, end } of membersOf(body, object))
    if (!used.has(name)) members.push(body.toString('utf8', start, end));
  return `{${members.join(',')}}`;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
