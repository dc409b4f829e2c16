import { epochMillisecondsOf, InvalidInstantError, parseInstant } from '../entities/instant.ts';

const MILLISECONDS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const DURATION = /^(\d+(?:\.\d+)?)([smhdw])$/;

/** Milliseconds of a duration such as `90s`, `15m`, `2h`, `1.5d` or `1w`. @throws RangeError */
export function parseDuration(text: string): number {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  if (!amount) throw new RangeError('must be a number and one of s, m, h, d, w, such as 90s or 2h');
  return Math.round(Number(amount) * MILLISECONDS[unit as keyof typeof MILLISECONDS]);
}

/**
 * A point in time as an RFC 3339 datetime. The text is one already, and is returned unchanged, or a duration
 * before `now` (milliseconds since 1970).
 * @throws RangeError
 */
export function parsePointInTime(text: string, now: number): string {
  if (DURATION.test(text)) {
    const milliseconds = now - parseDuration(text);
    if (milliseconds < 0) throw new RangeError('must not lie before 1970');
    return new Date(milliseconds).toISOString();
  }
  try {
    parseInstant(text);
    return text;
  } catch (error) {
    if (!(error instanceof InvalidInstantError)) throw error;
    throw new RangeError(`${error.message}; or say how long ago, such as 2h`, { cause: error });
  }
}

/** Milliseconds since 1970 of an RFC 3339 datetime. @throws InvalidInstantError */
export function millisecondsOf(datetime: string): number {
  return epochMillisecondsOf(parseInstant(datetime));
}

/** Orders RFC 3339 datetimes by their instants, the oldest first. @throws InvalidInstantError */
export function byInstant(a: string, b: string): number {
  const [left, right] = [parseInstant(a), parseInstant(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The latest of some RFC 3339 datetimes; those that are undefined are left out. @throws InvalidInstantError */
export function latestOf(...datetimes: (string | undefined)[]): string | undefined {
  return datetimes
    .filter((datetime) => datetime !== undefined)
    .sort(byInstant)
    .at(-1);
}

/**
 * An RFC 3339 datetime as people read it: `2023-11-15 12:05:00.123Z`. With `local` it is in this machine's zone,
 * with its offset: `2023-11-15 13:05:00.123+01:00`. The width is fixed, so that times line up in a column.
 * @throws InvalidInstantError
 */
export function readableTime(datetime: string, local: boolean): string {
  const milliseconds = millisecondsOf(datetime);
  if (!local) return readable(milliseconds);

  const date = new Date(milliseconds);
  const wallClock = readable(milliseconds - date.getTimezoneOffset() * 60_000).slice(0, -1);
  return `${wallClock}${localOffset(date)}`;
}

/** The offset of this machine's zone at a time, such as `+01:00`. */
export function localOffset(date: Date): string {
  const ahead = -date.getTimezoneOffset();
  return `${ahead < 0 ? '-' : '+'}${twoDigits(Math.abs(ahead) / 60)}:${twoDigits(Math.abs(ahead) % 60)}`;
}

/** The same to the second, as a range is shown. The zone is shown only where it is not UTC. */
export function readableSecond(milliseconds: number, local: boolean): string {
  const time = readableTime(new Date(milliseconds).toISOString(), local);
  return time.replace(/\.\d{3}/, '').replace(/Z$/, '');
}

function readable(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ');
}

function twoDigits(amount: number): string {
  return String(Math.trunc(amount)).padStart(2, '0');
}
