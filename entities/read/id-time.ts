/** RFC 9562 section 5.7: 48 bits of milliseconds since 1970, then the version. */
const UUID_7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** github.com/ulid/spec: 48 bits of milliseconds since 1970 in ten characters of Crockford's base 32, then chance. */
const ULID = /^([0-7][0-9a-hjkmnp-tv-z]{9})[0-9a-hjkmnp-tv-z]{16}$/i;
const BASE_32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Both formats are younger. Other text of the same look seldom names a time between this and now. */
const EARLIEST = Date.parse('2016-01-01T00:00:00Z');

/** The time at which an id was made, in milliseconds since 1970. Absent, the id does not name one. */
export function timeOfId(id: string): number | undefined {
  const time = timeOfUuid(id) ?? timeOfUlid(id);
  return time !== undefined && time >= EARLIEST && time <= Date.now() ? time : undefined;
}

function timeOfUuid(id: string): number | undefined {
  const match = UUID_7.exec(id);
  return match ? Number.parseInt(`${match[1]}${match[2]}`, 16) : undefined;
}

function timeOfUlid(id: string): number | undefined {
  const time = ULID.exec(id)?.[1];
  if (time === undefined) return undefined;
  return [...time.toUpperCase()].reduce((sum, digit) => sum * 32 + BASE_32.indexOf(digit), 0);
}
