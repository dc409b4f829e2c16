/** What a member of a record can tell of the entry. */
export type Role = 'time' | 'severity' | 'message' | 'text' | 'sequence';

/** For each role that a name can have, its rank: a lower one is asked first. */
export type Roles = { [role in Role]?: number } & {
  isWrapper: boolean;
};

/**
 * The names that loggers use, the most usual first. Only letters and digits count, in any case: `LogLevel`,
 * `log_level`, `log.level` and `logLevel` are one name. `*` is the rank of names that follow the pattern of the role.
 * What shippers add on their way comes after it: it is when they read a line, not when it was written.
 */
export const MEMBER_NAMES: Record<Role, string[]> = {
  time: [
    ...'time timestamp ts instant timemillis asctime eventtime t *'.split(' '),
    ...'observedtimeunixnano @timestamp datetime date created occurredat requesttime'.split(' '),
    ...'requesttimeepoch startedat unixtime epochms epochmillis calendartime receivetimestamp'.split(' '),
  ],
  severity: 'severity level loglevel lvl levelname severitytext errorseverity levelstr priority l s *'.split(
    ' ',
  ),
  message: [
    ...'message msg shortmessage textpayload renderedmessage m log body event output errormessage'.split(' '),
    ...'messagetemplate mt jsonpayload protopayload fields record args'.split(' '),
  ],
  /** For a record without a message. */
  text: 'fullmessage text line description summary title error err exception reason data 0'.split(' '),
  sequence: 'sequence seq sequencenumber sequenceid offset logoffset eventrecordid'.split(' '),
};

const PATTERNS: { [role in Role]?: RegExp } = {
  time: /^(?:log|logged|event|start|created?|record|generated|sourcerealtime|realtime)?(?:time|timestamp|date|datetime|at)(?:utc|iso|iso8601|s|sec(?:ond)?s?|ms|millis|us|micros|ns|nanos?|unixnano|created|generated)?$/,
  severity:
    /^(?:log|syslog|event|error|display|original|int)?(?:severity|level|lvl|priority|loglevel)(?:name|text|label|str|string|value|number|num|no|int|id|code|level|display|displayname|keyword)?$/,
};

/** Objects under these names may hold what the record itself does not. */
const WRAPPERS = new Set(
  'message msg log event body record fields jsonpayload protopayload context meta attributes err error exception'.split(
    ' ',
  ),
);

const RANKS = Object.fromEntries(
  Object.entries(MEMBER_NAMES).map(([role, names]) => [role, new Map(names.map((name, at) => [name, at]))]),
) as Record<Role, Map<string, number>>;

/** Names whose roles are remembered. Loggers use few, but a sender may make up any number. */
const REMEMBERED_NAMES = 2_000;

const remembered = new Map<string, Roles>();

/** The roles that a member of this name can have. */
export function rolesOf(name: string): Roles {
  const known = remembered.get(name);
  if (known) return known;
  const roles = findRoles(name);
  if (remembered.size === REMEMBERED_NAMES) remembered.clear();
  remembered.set(name, roles);
  return roles;
}

function findRoles(name: string): Roles {
  const folded = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const roles: Roles = { isWrapper: WRAPPERS.has(folded) };
  for (const role of Object.keys(RANKS) as Role[]) {
    const ranks = RANKS[role];
    const rank =
      ranks.get(name) ?? ranks.get(folded) ?? (PATTERNS[role]?.test(folded) ? ranks.get('*') : undefined);
    if (rank !== undefined) roles[role] = rank;
  }
  return roles;
}
