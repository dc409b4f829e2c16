import { isUtf8 } from 'node:buffer';
import { ENTRIES_LIMIT, VALUES_LIMIT } from '../limits.ts';
import { type Member, memberIn, membersOf, partsOf } from './json-spans.ts';
import { isArray, isObject, type Part, requireModest, type Span } from './json-value.ts';

/** What is an envelope, and what a record. */
export interface EnvelopeRules {
  /** Whether an object with such members is meant to be an entry, even if it has a member `logs`, too. */
  isEntry(names: string[]): boolean;
  /** Whether one of such members can be a time. Absent, records are read from no array but `logs`. */
  isDated?(names: string[]): boolean;
}

/** What is around a record. */
export interface Envelope {
  /** The array that the record is in. */
  name: string;
  /** The JSON of the members beside the arrays, without braces: `"a":1,"b":{}`. Those of outer envelopes are first. */
  members: string;
}

/** A part of a body that is a record; or, with a fault, a part that is not. */
export interface Piece extends Span {
  fault?: string;
  /** Absent if the record is in an array alone, or in `{"logs": [...]}` without other members. */
  envelope?: Envelope;
}

/** Envelopes within envelopes. Each level takes another look at all bytes. */
const LEVELS = 3;

/** The array that POST /logs and POST /v1/json define. It is read whatever is in it. */
const LOGS = 'logs';

/** The records of an array. An element may be an envelope. @param level how many envelopes are around the array */
export function* piecesOfArray(
  body: Buffer,
  elements: Iterable<Part>,
  rules: EnvelopeRules,
  envelope?: Envelope,
  level = 0,
): Generator<Piece> {
  for (const { start, end, hasList } of elements) {
    const element = { start, end, envelope };
    if (isObject(body, element))
      if (hasList) yield* piecesOfObject(body, element, rules, level);
      else yield element;
    else if (!envelope) yield element;
    else
      yield {
        ...element,
        fault: `is in \`${envelope.name}\` of an envelope, but is no record: send objects`,
      };
  }
}

/**
 * The records in the arrays of an object, if it is an envelope, and then what is damaged beside the arrays. Any other
 * object is a record.
 */
export function* piecesOfObject(
  body: Buffer,
  object: Piece,
  rules: EnvelopeRules,
  level = 0,
): Generator<Piece> {
  const opened = level < LEVELS ? openEnvelope(body, object, rules, LEVELS - level) : undefined;
  if (!opened) {
    yield object;
    return;
  }
  const members = [object.envelope?.members, opened.members].filter(Boolean).join(',');
  for (const { name, value } of opened.lists) {
    const envelope = name === LOGS && members === '' ? undefined : { name, members };
    yield* piecesOfArray(body, partsOf(body, value), rules, envelope, level + 1);
  }
  yield* opened.damaged;
}

interface OpenedEnvelope {
  lists: Member[];
  members: string;
  damaged: Piece[];
}

/** The parts of an envelope. Undefined if the object is a record. */
function openEnvelope(
  body: Buffer,
  object: Span,
  rules: EnvelopeRules,
  levels: number,
): OpenedEnvelope | undefined {
  const names: string[] = [];
  const lists: Member[] = [];
  const others: Span[] = [];
  for (const part of partsOf(body, object)) {
    const member = memberIn(body, part);
    if (names.push(member?.name ?? '') > VALUES_LIMIT) return undefined;
    if (member && isList(body, member, rules)) lists.push(member);
    else others.push(part);
  }
  const { isDated } = rules;
  if (isDated?.(names) ?? rules.isEntry(names)) return undefined;
  if (names.includes('resourceLogs') || names.includes('resource_logs'))
    return {
      lists: [],
      members: '',
      damaged: [{ ...object, fault: 'is OpenTelemetry (OTLP): send it to /v1/logs' }],
    };
  const isPlain = lists.some(({ name }) => name === LOGS) && !(isDated && rules.isEntry(names));
  if (!isPlain && !lists.some(({ value }) => hasDated(body, value, rules, levels))) return undefined;
  const intact: string[] = [];
  const damaged: Piece[] = [];
  for (const { start, end } of others)
    if (isMember(body, { start, end })) intact.push(body.toString('utf8', start, end));
    else
      damaged.push({ start, end, fault: 'is beside the records of an envelope, but is no member in JSON' });
  // POST /logs ignores what is beside its entries.
  return { lists, members: isDated ? intact.join(',') : '', damaged };
}

/** Whether a member of an envelope may be an array of records. More than VALUES_LIMIT other elements are none. */
function isList(body: Buffer, { name, value }: Member, { isDated }: EnvelopeRules): boolean {
  if (!isArray(body, value)) return false;
  if (name === LOGS) return true;
  let elements = 0;
  if (isDated)
    for (const element of partsOf(body, value)) {
      if (isObject(body, element)) return true;
      if (++elements > VALUES_LIMIT) return false;
    }
  return false;
}

/**
 * Whether an element of an array has a time, or is an envelope of such elements.
 * @param looked how many elements it has looked at: no body has more than ENTRIES_LIMIT
 */
function hasDated(
  body: Buffer,
  array: Span,
  rules: EnvelopeRules,
  levels: number,
  looked = { elements: 0 },
): boolean {
  for (const element of partsOf(body, array)) {
    if (++looked.elements > ENTRIES_LIMIT) return false;
    if (!isObject(body, element)) continue;
    for (const { name, value } of membersOf(body, element)) {
      if (rules.isDated?.([name])) return true;
      const isInner = levels > 1 && element.hasList && isArray(body, value);
      if (isInner && (name === LOGS || hasDated(body, value, rules, levels - 1, looked))) return true;
    }
  }
  return false;
}

/** Whether a part of an object can become a part of another. */
function isMember(body: Buffer, { start, end }: Span): boolean {
  try {
    requireModest(body, { start, end });
    JSON.parse(`{${body.toString('utf8', start, end)}}`);
    return isUtf8(body.subarray(start, end));
  } catch {
    return false;
  }
}

/** Why an object without a time is refused, if records are in it: batches of AWS and Azure, a push of Pub/Sub. */
export function envelopeFault(value: unknown, rules: EnvelopeRules): string | undefined {
  if (!rules.isDated || typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = Object.entries(value);
  const texts = members.filter(([, one]) => typeof one === 'string').map(([name]) => name);
  if (rules.isDated(Object.keys(value)) || rules.isEntry(texts)) return undefined;
  const wrapping = members.filter(([, one]) => isWrapping(one, rules)).map(([name]) => `\`${name}\``);
  if (wrapping.length === 0) return undefined;
  return `is an envelope of ${wrapping.join(', ')}: send its members, each with a time and a message`;
}

function isWrapping(value: unknown, { isDated }: EnvelopeRules): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((one) => typeof one === 'object' && one !== null);
  return 'data' in value || isDated?.(Object.keys(value)) === true;
}

/** A record as it was sent, in its envelope: what is beside it would be lost if all records beside it were refused. */
export function withEnvelope(record: string, { envelope }: Piece): string {
  if (!envelope) return record;
  const { name, members } = envelope;
  return `{${JSON.stringify(name)}:[${record}]${members && `,${members}`}}`;
}
