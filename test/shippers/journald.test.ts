import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from '@jest/globals';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { getAll } from '../support/http.ts';
import { whereInstalled } from '../support/programs.ts';
import {
  AFTER_RESTART,
  BEFORE_RESTART,
  expectEachLineOnce,
  type ShippedLine,
} from '../support/shipped-lines.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping();

const run = promisify(execFile);

const example = (file: string) => join(import.meta.dirname, '../../examples', file);

/** Where Debian has it: outside the PATH. It writes a real journal from what other machines export. */
const JOURNAL_REMOTE = '/lib/systemd/systemd-journal-remote';

const whereJournal = whereInstalled('jq', 'curl', 'journalctl', JOURNAL_REMOTE);

const PRIORITIES = { info: 6, warn: 4, error: 3 };

interface JournalEntry {
  message: string | Buffer;
  milliseconds: number;
  priority?: number;
}

/** https://systemd.io/JOURNAL_EXPORT_FORMATS: a field of any bytes has its length in front. */
function toExport({ message, milliseconds, priority = 6 }: JournalEntry, number: number): Buffer {
  const bytes = Buffer.from(message);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  const fields = [
    `__REALTIME_TIMESTAMP=${milliseconds}000`,
    `__MONOTONIC_TIMESTAMP=${number}`,
    '_BOOT_ID=11111111111111111111111111111111',
    `PRIORITY=${priority}`,
    '_HOSTNAME=web-1',
    '_SYSTEMD_UNIT=checkout.service',
  ];
  return Buffer.concat([Buffer.from(`${fields.join('\n')}\nMESSAGE\n`), length, bytes, Buffer.from('\n\n')]);
}

/** Appends entries to a journal in the test's folder. */
async function writeJournal(name: string, entries: JournalEntry[]): Promise<void> {
  await mkdir(join(shipping.folder, 'journal'), { recursive: true });
  await writeFile(join(shipping.folder, 'export'), Buffer.concat(entries.map(toExport)));
  const output = `--output=${join(shipping.folder, 'journal', `${name}.journal`)}`;
  await run(JOURNAL_REMOTE, [output, join(shipping.folder, 'export')]);
}

/** Runs the script over the journals that were written, with a cursor file whose name has a blank. */
async function postJournal(url = shipping.api.url, signal?: AbortSignal) {
  await symlink(example('curl/post-file'), join(shipping.folder, 'post-file')).catch(() => {});
  const PATH = `${shipping.folder}:${process.env.PATH}`;
  const env = { ...process.env, PATH, LOGS_URL: `${url}/v1/json`, LOGS_API_KEY: 'key' };
  const args = ['a cursor', `--directory=${join(shipping.folder, 'journal')}`];
  const options = { env, cwd: shipping.folder, signal };
  const outcome = await run(example('journald/post-journal'), args, options).catch((error) => error);
  return { code: outcome.code ?? 0, stderr: String(outcome.stderr) };
}

/** Puts a program into the PATH of the script, in place of the real one. */
async function standIn(name: string, script: string): Promise<void> {
  await writeFile(join(shipping.folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(shipping.folder, name), 0o755);
}

const toEntry = (line: ShippedLine): JournalEntry => ({
  message: `journal ${line.number}`,
  milliseconds: line.isPoison ? Date.UTC(2200, 0) + line.number : Date.parse(line.datetime),
  priority: PRIORITIES[line.level],
});

/** The messages of the test's entries, the oldest first. */
const stored = async (name: string) =>
  (await getAll(shipping.service.url, `/logs?contains=${name}`)).map(({ message }) => message).toReversed();

const NOW = Date.UTC(2023, 10, 14);

describe('post-journal', () => {
  whereJournal('stores each entry once, through faults, a kill and new entries', async () => {
    await standIn('sleep', 'exit 0');
    await writeJournal('one', BEFORE_RESTART.map(toEntry));
    expect(await postJournal(`${shipping.service.url}/nowhere`)).toMatchObject({ code: 1 });
    shipping.faults = [...TRYING_TIMES];
    const kill = new AbortController();
    shipping.api.nextAnswer().then(() => kill.abort());
    await postJournal(shipping.api.url, kill.signal);
    expect(await postJournal()).toMatchObject({ code: 0 });
    await writeJournal('one', AFTER_RESTART.map(toEntry));
    expect(await postJournal()).toMatchObject({ code: 0 });
    expect(await postJournal()).toMatchObject({ code: 0 });

    await expectEachLineOnce(shipping.service.url, 'journal');
    const [entry] = await getAll(shipping.service.url, '/logs?contains=journal');
    expect(entry?.attributes).toMatchObject({ host: 'web-1', unit: 'checkout.service' });
  });

  whereJournal('keeps messages that are long, have several lines, or are not printable UTF-8', async () => {
    const long = `whole ${'x'.repeat(100_000)}`;
    const texts = [
      long,
      'whole: two\nlines',
      '\u001b[31mwhole ✓ é 😀\u001b[0m',
      Buffer.from('whole \xe9!', 'latin1'),
    ];
    await writeJournal(
      'whole',
      texts.map((message) => ({ message, milliseconds: NOW })),
    );
    await postJournal();
    expect(await stored('whole')).toEqual([...texts.slice(0, 3), 'whole \ufffd!']);
  });

  whereJournal('keeps the order of entries of one instant', async () => {
    const messages = Array.from({ length: 300 }, (_, number) => `instant ${number}`);
    await writeJournal(
      'instant',
      messages.map((message) => ({ message, milliseconds: NOW })),
    );
    await postJournal();
    expect(await stored('instant')).toEqual(messages);
  });

  whereJournal('sends more than one request holds', async () => {
    const messages = Array.from({ length: 90 }, (_, number) => `many ${number} ${'x'.repeat(60_000)}`);
    await writeJournal(
      'many',
      messages.map((message, at) => ({ message, milliseconds: NOW + at })),
    );
    expect(await postJournal()).toMatchObject({ code: 0 });
    expect(shipping.api.answers).toEqual([200, 200]);
    expect(await stored('many')).toEqual(messages);
  });

  whereJournal('goes on after an entry that is larger than a request', async () => {
    const huge = `huge ${'x'.repeat(4_500_000)}`;
    const messages = ['huge before', huge, 'huge after'];
    await writeJournal(
      'huge',
      messages.map((message, at) => ({ message, milliseconds: NOW + at })),
    );
    expect(await postJournal()).toMatchObject({ code: 0 });
    expect(await stored('huge')).toEqual(['huge before', 'huge after']);
  });

  whereJournal('exits with the status of journalctl, and keeps its cursor', async () => {
    await writeJournal('fails', [{ message: 'fails: not yet', milliseconds: NOW }]);
    await standIn('journalctl', 'echo "{"; exit 7');
    await writeFile(join(shipping.folder, 'a cursor'), 's=1;i=1');
    expect(await postJournal()).toEqual({ code: 7, stderr: 'post-journal: journalctl has failed\n' });
    expect(shipping.api.answers).toEqual([]);
    expect(await readFile(join(shipping.folder, 'a cursor'), 'utf8')).toBe('s=1;i=1');
  });

  whereJournal.each([
    ['gzip', 'exit 1'],
    ['jq', 'exit 5'],
    ['post-file', 'exit 2'],
  ])('keeps its cursor if %s fails', async (program, script) => {
    await writeJournal(program, [{ message: `${program} fails`, milliseconds: NOW }]);
    await standIn(program, script);
    expect(await postJournal()).toMatchObject({ code: 1 });
    await expect(readFile(join(shipping.folder, 'a cursor'))).rejects.toThrow('ENOENT');
  });
});
