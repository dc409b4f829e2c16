import { escapeLine } from '../client/control-characters.ts';
import type { LogClient } from '../client/log-client.ts';
import { forAMoment, type Patience } from '../client/patience.ts';
import type { Terminal } from './arguments.ts';

/** Says on standard error when the service cannot be read or is slow, once each time, and when it is back. */
export function sayWaiting(
  { base }: LogClient,
  { stderr }: Terminal,
): Required<Pick<Patience, 'onOutage' | 'onSlow'>> {
  let isOut = false;
  return {
    onOutage(error) {
      if (error && !isOut) stderr.write(`logs: ${escapeLine(error.message)}; trying again\n`);
      if (!error && isOut) stderr.write(`logs: ${base.host} answers again\n`);
      isOut = error !== undefined;
    },
    onSlow() {
      stderr.write(`logs: ${base.host} has not answered yet; waiting\n`);
    },
  };
}

/** How long a command that ends waits for the service, and says so. */
export function patienceOf(client: LogClient, terminal: Terminal): Patience {
  return { wait: forAMoment, onSlow: sayWaiting(client, terminal).onSlow };
}

/** Says on standard error that a limit has cut what is printed, or that there is nothing. */
export function sayCut(count: number, hasOlder: boolean, { stderr }: Terminal): void {
  if (count === 0) stderr.write('No entries.\n');
  else if (hasOlder)
    stderr.write(
      `These are the newest ${count.toLocaleString('en')}; older entries exist: raise --limit, or use --all.\n`,
    );
}
