import type { Fault } from '../../../entities/dead-letter.ts';
import type { Severity } from '../../../entities/entry.ts';
import { InvalidInstantError, parseInstant } from '../../../entities/instant.ts';
import { parseExactly } from '../../../entities/json-text.ts';
import { findAttribute } from '../../../entities/matches.ts';
import type { ReadRecord } from '../check-records.ts';
import { isId } from '../entry-schema.ts';
import { membersOf } from '../json-spans.ts';
import { severityOfText } from '../severity.ts';
import { toDatetime } from './epoch.ts';

// Where loggers write these, the likeliest first. A name with dots is a member, or else leads into nested objects.
const TIME_MEMBERS = [
  ...'datetime time timestamp @timestamp ts date'.split(' '),
  // log4j2, .NET, Serilog, loguru, MongoDB
  ...'instant timeMillis Timestamp @t record.time.timestamp t.$date'.split(' '),
];
const SEVERITY_MEMBERS = [
  ...'severity level log.level lvl levelname priority'.split(' '),
  // .NET, Serilog, HashiCorp, loguru, MongoDB
  ...'LogLevel Level @l @level record.level.name s'.split(' '),
];
const MESSAGE_MEMBERS = [
  ...'message msg log short_message MESSAGE'.split(' '),
  // .NET, Serilog, HashiCorp, loguru, Rust's tracing, structlog
  ...'Message RenderedMessage MessageTemplate @m @mt @message record.message fields.message event'.split(' '),
];

/** An object with one of these is a record. Objects of other kinds have an event, too. */
export const ENTRY_MEMBERS = ['id', ...TIME_MEMBERS, ...MESSAGE_MEMBERS].filter((name) => name !== 'event');

/** Severities that say nothing more than the entry's own. Others stay in the attributes: `debug`, `fatal`, 60. */
const PLAIN_SEVERITIES = new Set(['info', 'warn', 'warning', 'err', 'error', '30', '40', '50']);

const NO_TIME =
  'has no time: switch it on (winston: format.timestamp(), tslog and pino: their default, Python: a timestamp in the JSON formatter), or send one as RFC 3339 or as an epoch number';

/**
 * The entry in a record of a logger, still to be checked like any other; or why there is none. What an entry has no
 * field for is in its attributes.
 * @param json the record as it was sent
 * @param deriveId makes the id of a record that has none of its own
 */
export function toEntryValue(
  value: unknown,
  json: string,
  deriveId: () => string,
): ReadRecord | { errors: Fault[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fault('', 'must be a JSON object with a time and a message');
  const record = parseExactly(json) as Record<string, unknown>;
  const timeMember = TIME_MEMBERS.find((name) => isSet(valueAt(record, name)));
  if (timeMember === undefined) return fault('time', NO_TIME);
  try {
    const datetime = toDatetime(valueAt(record, timeMember));
    parseInstant(datetime);
    const id = idIn(record);
    const { severity, member: severityMember } = severityOf(record);
    const messageMember = MESSAGE_MEMBERS.find((name) => isScalar(valueAt(record, name)));
    const used = new Set([timeMember, severityMember, messageMember, id !== undefined && 'id']);
    const attributes = membersWithout(json, used);
    return {
      value: {
        id: id ?? deriveId(),
        datetime,
        severity,
        message: messageMember === undefined ? '' : String(valueAt(record, messageMember)),
        ...(attributes !== '{}' && { attributes: JSON.parse(attributes) }),
      },
      attributes: () => attributes,
    };
  } catch (error) {
    if (!(error instanceof InvalidInstantError)) throw error;
    return fault(timeMember, error.message);
  }
}

function fault(path: string, message: string): { errors: Fault[] } {
  return { errors: [{ path, message }] };
}

function idIn({ id }: Record<string, unknown>): string | undefined {
  const text = typeof id === 'string' || typeof id === 'number' ? String(id) : '';
  return isId(text) ? text : undefined;
}

/** The severity, and the member that says no more than this. */
function severityOf(record: Record<string, unknown>): { severity: Severity; member?: string } {
  const member = SEVERITY_MEMBERS.find((name) => isScalar(valueAt(record, name)));
  const text = member === undefined ? '' : String(valueAt(record, member));
  const severity = severityOfText(text);
  return PLAIN_SEVERITIES.has(text.toLowerCase()) ? { severity, member } : { severity };
}

function valueAt(record: Record<string, unknown>, name: string): unknown {
  return findAttribute(record, name)?.value;
}

/** The JSON of a record without some of its members, the others as they were sent. */
function membersWithout(json: string, used: Set<unknown>): string {
  const bytes = Buffer.from(json);
  const members: string[] = [];
  for (const { name, start, end } of membersOf(bytes, { start: 0, end: bytes.length }))
    if (!used.has(name)) members.push(bytes.toString('utf8', start, end));
  return `{${members.join(',')}}`;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
