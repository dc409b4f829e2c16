import { expect } from '@jest/globals';
import { instantAt, parseInstant } from '../../entities/instant.ts';
import type { FaultyApi } from './fault-api.ts';
import { getAll } from './http.ts';

export interface ShippedLine {
  number: number;
  level: 'info' | 'warn' | 'error';
  /** A time that no other line has. */
  datetime: string;
  /** To be sent as an entry that the service refuses. */
  isPoison: boolean;
}

/** What a shipper's test may expect otherwise than by default. */
interface Expected {
  /** The message of a line, which has the name of the shipper, a blank and the line's number in it. */
  messageOf?: (line: ShippedLine) => string;
  /** For loggers, which take the time themselves: the time of each line lies between this one and now. */
  loggedSince?: Date;
  /** `by time` where lines of one instant may come in any order. */
  order?: 'as written' | 'by time';
}

const LEVELS = ['info', 'warn', 'error'] as const;
const SEVERITIES = { info: 'info', warn: 'warning', error: 'error' };

/** The times of the first line and of each next one: 143 lines share a second, so that none may lose its fraction. */
const [FIRST_TIME, STEP_MS] = [Date.UTC(2023, 10, 14, 22, 13, 20), 7];

/** What a shipper's test sends: 100 lines to be stored, and 20 to become dead letters. */
export const SHIPPED_LINES: ShippedLine[] = Array.from({ length: 120 }, (_, number) => ({
  number,
  level: LEVELS[number % LEVELS.length] ?? 'info',
  datetime: new Date(FIRST_TIME + number * STEP_MS).toISOString(),
  isPoison: number % 6 === 5,
}));

/** The lines before and after the shipper is started again. */
export const [BEFORE_RESTART, AFTER_RESTART] = [SHIPPED_LINES.slice(0, 60), SHIPPED_LINES.slice(60)];

/** What the service has stored, oldest first, and refused of a shipper, by its name before a blank in the messages. */
async function readFrom(url: string, shipper: string) {
  const isOurs = (text: string) => text.includes(`${shipper} `);
  const entries = (await getAll(url)).filter(({ message }) => isOurs(message)).toReversed();
  const deadLetters = (await getAll(url, '/dead-letters')) as unknown as { raw: string }[];
  return { entries, deadLetters: deadLetters.filter(({ raw }) => isOurs(raw)) };
}

/** Waits until as many lines of a shipper as were sent are stored or refused. */
export async function untilArrived(api: FaultyApi, url: string, shipper: string): Promise<void> {
  for (;;) {
    const answered = api.nextAnswer();
    const { entries, deadLetters } = await readFrom(url, shipper);
    if (entries.length + deadLetters.length >= SHIPPED_LINES.length) return;
    await answered;
  }
}

/** Each line is stored or refused once, with an id, its time, its order, its severity and its text. */
export async function expectEachLineOnce(
  url: string,
  shipper: string,
  { messageOf = ({ number }) => `${shipper} ${number}`, loggedSince, order = 'as written' }: Expected = {},
): Promise<void> {
  const { entries, deadLetters } = await readFrom(url, shipper);
  const numberIn = (text: string) => Number(text.slice(text.indexOf(`${shipper} `)).match(/ (\d+)/)?.[1]);

  const expected = SHIPPED_LINES.filter(({ isPoison }) => !isPoison);
  const stored =
    order === 'as written' ? entries : entries.toSorted((a, b) => numberIn(a.message) - numberIn(b.message));
  expect(stored.map(({ severity, message }) => `${severity} ${message}`)).toEqual(
    expected.map((line) => `${SEVERITIES[line.level]} ${messageOf(line)}`),
  );
  expect(new Set(entries.map(({ id }) => id)).size).toBe(expected.length);

  const instants = stored.map(({ datetime }) => parseInstant(datetime));
  if (loggedSince) {
    const bounds = [instantAt(loggedSince.getTime()), instantAt(Date.now() + 1)];
    expect([bounds[0], ...instants, bounds[1]].toSorted()).toEqual([bounds[0], ...instants, bounds[1]]);
  } else expect(instants).toEqual(expected.map(({ datetime }) => parseInstant(datetime)));

  expect(deadLetters.map(({ raw }) => numberIn(raw)).toSorted((a, b) => a - b)).toEqual(
    SHIPPED_LINES.filter(({ isPoison }) => isPoison).map(({ number }) => number),
  );
}
