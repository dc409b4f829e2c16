import { expect } from '@jest/globals';
import type { FaultyApi } from './fault-api.ts';
import { getAll } from './http.ts';

export interface ShippedLine {
  number: number;
  level: 'info' | 'warn' | 'error';
  /** To be sent as an entry that the service refuses. */
  isPoison: boolean;
}

const LEVELS = ['info', 'warn', 'error'] as const;
const SEVERITIES = { info: 'info', warn: 'warning', error: 'error' };

/** What a shipper's test sends: 100 lines to be stored, and 20 to become dead letters. */
export const SHIPPED_LINES: ShippedLine[] = Array.from({ length: 120 }, (_, number) => ({
  number,
  level: LEVELS[number % LEVELS.length] ?? 'info',
  isPoison: number % 6 === 5,
}));

/** The lines before and after the shipper is started again. */
export const [BEFORE_RESTART, AFTER_RESTART] = [SHIPPED_LINES.slice(0, 60), SHIPPED_LINES.slice(60)];

/** What the service has stored and refused of a shipper, by its name before a blank in the messages. */
async function readFrom(url: string, shipper: string) {
  const isOurs = (text: string) => text.includes(`${shipper} `);
  const entries = (await getAll(url)).filter(({ message }) => isOurs(message));
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

/** @param messageOf the message of a line, which has the name of the shipper and a blank in it */
export async function expectEachLineOnce(
  url: string,
  shipper: string,
  messageOf = ({ number }: ShippedLine) => `${shipper} ${number}`,
): Promise<void> {
  const { entries, deadLetters } = await readFrom(url, shipper);
  const expected = SHIPPED_LINES.filter(({ isPoison }) => !isPoison);
  expect(entries.map(({ severity, message }) => `${severity} ${message}`).sort()).toEqual(
    expected.map((line) => `${SEVERITIES[line.level]} ${messageOf(line)}`).sort(),
  );
  expect(deadLetters).toHaveLength(SHIPPED_LINES.length - expected.length);
}
