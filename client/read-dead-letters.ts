import type { DeadLetter } from '../entities/dead-letter.ts';
import { matchTexts } from '../entities/matches.ts';
import { hasTexts, isDatetime } from './is-entry.ts';
import { type LogClient, listIn, type ReadBody } from './log-client.ts';
import type { Patience } from './patience.ts';
import type { Query } from './query.ts';

/** A record can have 16 KB, so a page of so many stays small. */
const PAGE_SIZE = 100;

/** What of the dead letters to read: texts in the reasons or in the record, and when it was refused. */
export type DeadLetterQuery = Pick<Query, 'from' | 'to' | 'contains' | 'excludes' | 'word'>;

/** The dead letters that match, page by page, the last refused first. A page may have none that match. */
export async function* readDeadLetters(
  client: LogClient,
  { from, to, contains = [], excludes = [], word = [] }: DeadLetterQuery,
  patience?: Patience,
): AsyncGenerator<{ letters: DeadLetter[]; hasOlder: boolean }, void> {
  const parameters = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (from !== undefined) parameters.set('from', from);
  if (to !== undefined) parameters.set('to', to);
  const matches = matchTexts({
    contains: [...contains, ...word],
    excludes,
    textCase: 'smart',
  });
  const url = client.urlOf(`/dead-letters?${parameters}`);
  for await (const { letters, next } of client.pages(url, deadLettersIn, patience))
    yield {
      letters: letters.filter((letter) => matches(`${reasonsOf(letter)}\n${letter.raw}`)),
      hasOlder: next !== undefined,
    };
}

const deadLettersIn: ReadBody<{ letters: DeadLetter[] }> = (body) => {
  const letters = listIn(body, isDeadLetter);
  return letters && { letters };
};

/** Why a record was refused, in one line. */
export function reasonsOf({ errors }: DeadLetter): string {
  return errors.map(({ path, message }) => `${path} ${message}`.trim()).join('; ');
}

function isDeadLetter(value: unknown): value is DeadLetter {
  const { refusedAt, errors, sender = '' } = Object(value) as Partial<DeadLetter>;
  return (
    hasTexts(value, ['raw']) &&
    isDatetime(refusedAt) &&
    typeof sender === 'string' &&
    Array.isArray(errors) &&
    errors.every((fault) => hasTexts(fault, ['path', 'message']))
  );
}
