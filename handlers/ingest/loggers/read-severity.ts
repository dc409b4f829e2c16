import type { Severity } from '../../../entities/entry.ts';
import { severityOfNumber } from '../severity-of-number.ts';
import { severityOfText } from '../severity-of-text.ts';
import { severityOfPlatformEvent } from './lambda-line.ts';
import { isJsonObject, type JsonObject, membersWithRole, type RecordMember } from './record-members.ts';

/** A severity, and the member that says nothing else. */
export interface ReadSeverity {
  severity: Severity;
  member?: RecordMember;
}

/** What says no more than the severity. Others stay in the attributes: `debug`, `fatal`, 60. */
const PLAIN: Record<Severity, Set<string>> = {
  info: new Set(['info', '30']),
  warning: new Set(['warn', 'warning', '40']),
  error: new Set(['err', 'error', '50']),
};

/** The numbers of pino and bunyan are those of a level: Python's levelno 50 is critical. */
function isPlain({ name, value }: RecordMember, severity: Severity): boolean {
  const text = String(value).toLowerCase();
  return PLAIN[severity].has(text) && (name === 'level' || !NUMBER.test(text));
}

/** The first member of a record that is a severity. Undefined if none is. */
export function readSeverity(members: RecordMember[], record: JsonObject['value']): ReadSeverity | undefined {
  for (const member of membersWithRole(members, 'severity')) {
    const severity = severityOf(member.value, member.name, record);
    if (severity === undefined) continue;
    return isPlain(member, severity) ? { severity, member } : { severity };
  }
  const severity = severityOfPlatformEvent(record);
  return severity && { severity };
}

/** A number, which may be a text or have a fraction of 0: `"3"`, `40.0`. */
const NUMBER = /^\s*-?\d{1,9}(?:\.0*)?\s*$/;

function severityOf(value: unknown, name: string, record: JsonObject['value']): Severity | undefined {
  if (typeof value === 'number') return severityOfNumber(value, name, record);
  if (typeof value === 'string')
    return NUMBER.test(value) ? severityOfNumber(Number(value), name, record) : severityOfText(value);
  if (!isJsonObject(value)) return undefined;
  // Some loggers have an object with the level's name and number: {"name": "ERROR", "no": 40}.
  const texts = Object.values(value).filter((inner) => typeof inner === 'string' && !NUMBER.test(inner));
  for (const text of texts as string[]) {
    const severity = severityOfText(text);
    if (severity !== undefined) return severity;
  }
  return undefined;
}
