/** The command was called with options that make no sense. The message says how to correct them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
