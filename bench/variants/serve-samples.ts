import type { LogEntry } from '../../entities/entry.ts';
import { typicalEntries } from '../support/typical-entry.ts';
import type { Work } from '../support/variant-process.ts';
import { stubNetwork } from './stub-network.ts';

/** What is measured: `run` alone, on what `prepare` has made of the entries of one request. */
interface Variant<Input> {
  prepare: (entries: LogEntry[]) => Input;
  run: (input: Input) => Promise<unknown>;
}

/** Does work as it is asked for by the process that started this one, and answers with its CPU milliseconds. */
export function serveSamples<Input>({ prepare, run }: Variant<Input>): void {
  stubNetwork();
  process.on('message', async ({ entries, perRequest }: Work) => {
    const inputs = Array.from({ length: entries / perRequest }, () => prepare(typicalEntries(perRequest)));
    // What preparing has left behind is no variant's fault.
    globalThis.gc?.();
    const before = process.cpuUsage();
    for (const input of inputs) await run(input);
    const { user, system } = process.cpuUsage(before);
    process.send?.((user + system) / 1_000);
  });
  process.send?.('ready');
}
