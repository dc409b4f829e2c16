import { epochMillisecondsOf, parseInstant } from '../entities/instant.ts';

/**
 * An RFC 3339 datetime as people read it: `2023-11-15 12:05:00.123Z`. With `local` it is in this machine's zone,
 * with its offset: `2023-11-15 13:05:00.123+01:00`. The width is fixed, so that times stand in a column.
 * @throws InvalidInstantError
 */
export function readableTime(datetime: string, local: boolean): string {
  const milliseconds = epochMillisecondsOf(parseInstant(datetime));
  if (!local) return readable(milliseconds);

  const ahead = -new Date(milliseconds).getTimezoneOffset();
  const wallClock = readable(milliseconds + ahead * 60_000).slice(0, -1);
  return `${wallClock}${ahead < 0 ? '-' : '+'}${twoDigits(Math.abs(ahead) / 60)}:${twoDigits(Math.abs(ahead) % 60)}`;
}

/** The same to the second, as a range is read: its zone stands there only where it is not UTC. */
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
