/** The command was called in a way that has no meaning; the message says how to mend it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
