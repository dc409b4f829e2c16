import { readDateTimeText } from '../entities/date-time-text.ts';
import { InvalidInstantError, toDatetime } from '../entities/instant.ts';
import { localOffset, readableTime } from './time.ts';

const DAY = 86_400_000;

/** What a time means whose year or zone is left out. */
export interface Clock {
  /** Milliseconds since 1970. */
  now: number;
  /** A time without a zone is in this machine's zone. Otherwise it is in UTC. */
  local: boolean;
}

/** An entry is kept for ten years at most, so that a number outside of them is more likely a number of something. */
const OLDEST = 3_653 * DAY;
/** A date without a year is the last one. So many years ago it was every day of the week. */
const YEARS_BACK = 10;
/** JavaScript's Date with the longest name of a zone has 90 characters. */
const LONGEST = 100;
/** Seconds with or without a fraction, milliseconds, microseconds, nanoseconds. */
const EPOCH = /^(\d{10})(?:\.?(\d{3}|\d{6}|\d{9}))?$/;

/**
 * The instant that a pasted text names, as RFC 3339: a date and a time as logs, servers and databases write them, or a
 * number since 1970. Undefined for any other text.
 */
export function readMoment(text: string, { now, local }: Clock): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return undefined;
  if (EPOCH.test(trimmed)) return readEpoch(trimmed, now);

  // Most texts have no time of day.
  if (!/\d\d:?\d\d/.test(trimmed)) return undefined;
  const zoneAt = (wallClock: string) => (local ? localOffset(new Date(wallClock)) : 'Z');
  const thisYear = new Date(now).getUTCFullYear();
  let future: string | undefined;
  for (let back = 0; back <= YEARS_BACK; back += 1) {
    const moment = readText(trimmed, { year: String(thisYear - back), zoneAt });
    if (moment !== undefined && Date.parse(moment) <= now + DAY) return moment;
    future ??= moment;
  }
  return future;
}

/** Whether a text names a moment, whatever the time is now. */
export function looksLikeMoment(text: string): boolean {
  return EPOCH.test(text.trim()) || readMoment(text, { now: Date.UTC(2000, 0), local: false }) !== undefined;
}

/** The instant that a text names as the end of a time range, which may also be a date alone, or a time of today. */
export function readBound(text: string, clock: Clock): string | undefined {
  const today = readableTime(new Date(clock.now).toISOString(), clock.local).slice(0, 10);
  for (const candidate of [text, `${text} 00:00`, `${today} ${text}`]) {
    const moment = readMoment(candidate, clock);
    if (moment !== undefined) return moment;
  }
  return undefined;
}

function readEpoch(text: string, now: number): string | undefined {
  const [, seconds, fraction = ''] = EPOCH.exec(text) ?? [];
  const time = Number(seconds) * 1_000;
  if (time < now - OLDEST || time > now + DAY) return undefined;
  return toDatetime(Number(seconds), fraction);
}

function readText(text: string, assumed: Parameters<typeof readDateTimeText>[1]): string | undefined {
  try {
    return readDateTimeText(text, assumed);
  } catch (error) {
    if (error instanceof InvalidInstantError) return undefined;
    throw error;
  }
}
