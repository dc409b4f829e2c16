type Problem = { status: number; title: string; detail: string };

/** An RFC 9457 problem as the text of a gateway template: `$` and `#` would be read as template code. */
export function problemBody(problem: Problem): string {
  return JSON.stringify({ type: 'about:blank', ...problem });
}
