import { InvalidInstantError, parseInstant } from '../entities/instant.ts';

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
