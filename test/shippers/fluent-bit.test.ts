import { once } from 'node:events';
import { appendFile, readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { parse } from 'yaml';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { forTest, startFluentBit } from '../support/fluent-bit.ts';
import { sendForward } from '../support/forward-protocol.ts';
import { getAll } from '../support/http.ts';
import { stopPrograms, whereInstalled } from '../support/programs.ts';
import { freePort } from '../support/send-syslog.ts';
import {
  expectEachLineOnce,
  SHIPPED_LINES,
  type ShippedLine,
  untilArrived,
} from '../support/shipped-lines.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping(TRYING_TIMES);

/** Over the service's limit of a message. */
const TOO_LONG = 'x'.repeat(300_000);

const example = (file: string) => readFile(`examples/fluent-bit/${file}`, 'utf8');

const textOf = ({ datetime, level, number }: ShippedLine) =>
  `${datetime} ${level.toUpperCase()} text ${number}`;

function textLine(line: ShippedLine): string {
  return `${textOf(line)}${line.isPoison ? ` ${TOO_LONG}` : ''}\n`;
}

/** As loggers write it, with members of the names that Fluent Bit adds. */
function jsonLine({ datetime, level, number, isPoison }: ShippedLine): string {
  const message = `json ${number}${isPoison ? ` ${TOO_LONG}` : ''}`;
  return `${JSON.stringify({ datetime, level, message, id: 7, file: 'a.ts', offset: 0 })}\n`;
}

/**
 * Writes lines to a file, kills Fluent Bit while it sends them, goes on, rotates the file, and kills it again.
 * @param move renames the file, as logrotate does
 */
async function shipThroughFaults(
  start: () => Promise<void>,
  write: (lines: ShippedLine[]) => Promise<void>,
  move: () => Promise<void>,
) {
  const { api } = shipping;
  await write(SHIPPED_LINES.slice(0, 40));
  await start();
  await api.nextAnswer();
  await stopPrograms('SIGKILL');
  await write(SHIPPED_LINES.slice(40, 60));
  const answered = api.nextAnswer();
  await start();
  await answered;
  await move();
  await write(SHIPPED_LINES.slice(60, 80));
  await api.untilAcknowledged();
  await stopPrograms('SIGKILL');
  await write(SHIPPED_LINES.slice(80));
  await start();
}

describe('Fluent Bit stores each line once, with its time, order and severity, though it is killed and files are rotated:', () => {
  whereInstalled('fluent-bit').each([
    ['text', textLine, { messageOf: textOf }],
    ['json', jsonLine, {}],
  ] as const)('a file of %s', async (name, lineOf, expected) => {
    const config = forTest(await example('fluent-bit.yaml'), shipping);
    const file = join(shipping.folder, 'app.log');
    await shipThroughFaults(
      () => startFluentBit(config, 'fluent-bit.yaml', shipping),
      (lines) => appendFile(file, lines.map(lineOf).join('')),
      () => rename(file, `${file}.1`),
    );
    await untilArrived(shipping.api, shipping.service.url, name);
    await shipping.api.untilAcknowledged();
    expect(shipping.api.answers.slice(0, 3)).toEqual([503, 503, 'reset']);
    await expectEachLineOnce(shipping.service.url, name, expected);
  });

  whereInstalled('fluent-bit')('files of Kubernetes, in CRI and in Docker form', async () => {
    const pods = createServer((_, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ metadata: { labels: { app: 'web' } }, spec: { nodeName: 'node-1' } }));
    }).listen(0, '127.0.0.1');
    await once(pods, 'listening');
    const { port } = pods.address() as { port: number };
    const { config } = parse(await example('kubernetes/values.yaml'));
    // What a pod finds in it. Without these files, the filter asks nobody.
    const account = join(shipping.folder, 'account');
    await appendFile(account, 'logging');
    const filters = config.filters.replace(
      'Name kubernetes',
      [
        'Name kubernetes',
        `Kube_URL http://127.0.0.1:${port}`,
        `Kube_Namespace_File ${account}`,
        `Kube_Token_File ${account}`,
        `Kube_Tag_Prefix kube.${shipping.folder.slice(1).replaceAll('/', '.')}.`,
      ].join('\n    '),
    );
    const whole = forTest([config.service, config.inputs, filters, config.outputs].join('\n'), shipping)
      .replace(/(?<=HTTP_Port +)\d+/, String(await freePort()))
      .replace(/ +Parsers_File .*\n/, '');
    const file = (pod: string) => join(shipping.folder, `${pod}_default_web-${'0'.repeat(64)}.log`);
    await shipThroughFaults(
      () => startFluentBit(whole, 'fluent-bit.conf', shipping),
      async (lines) => {
        await appendFile(file('cri'), lines.filter(isEven).map(criLine).join(''));
        await appendFile(
          file('docker'),
          lines
            .filter((line) => !isEven(line))
            .map(dockerLine)
            .join(''),
        );
      },
      async () => {
        for (const pod of ['cri', 'docker']) await rename(file(pod), `${file(pod)}.1`);
      },
    );
    await untilArrived(shipping.api, shipping.service.url, 'kube');
    pods.close();
    await expectEachLineOnce(shipping.service.url, 'kube', { messageOf: kubeMessageOf });
    const stored = (await getAll(shipping.service.url)).filter(({ message }) => message.includes('kube '));
    for (const { attributes } of stored)
      expect(attributes).toMatchObject({ kubernetes: { namespace_name: 'default', labels: { app: 'web' } } });
    for (const { attributes } of stored) expect(attributes).not.toHaveProperty('log');
  });

  whereInstalled('fluent-bit')('containers of Docker, by its driver fluentd', async () => {
    const port = await freePort();
    const config = forTest(await example('forward.yaml'), shipping).replace('port: 24224', `port: ${port}`);
    const start = () => startFluentBit(config, 'forward.yaml', shipping);
    const send = (lines: ShippedLine[]) => sendForward(port, 'docker', lines.map(dockerRecord));
    await start();
    const refused = shipping.api.nextAnswer();
    await send(SHIPPED_LINES.slice(0, 60));
    await refused;
    await stopPrograms('SIGKILL');
    await start();
    await send(SHIPPED_LINES.slice(60));
    await untilArrived(shipping.api, shipping.service.url, 'docker');
    await expectEachLineOnce(shipping.service.url, 'docker', { messageOf: dockerMessageOf });
  });
});

describe('Fluent Bit', () => {
  whereInstalled('fluent-bit')(
    'keeps the order of lines of one instant, and joins a stack trace',
    async () => {
      shipping.faults = [];
      const trace =
        'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    1 / 0\nZeroDivisionError: zero';
      const numbers = Array.from({ length: 100 }, (_, number) => number);
      const lines = numbers.map((number) => `2023-11-14T22:13:20Z INFO instant ${number}`);
      await appendFile(
        join(shipping.folder, 'app.log'),
        `${lines.join('\n')}\n${trace}\n2023-11-14T22:13:20Z INFO last\n`,
      );
      await startFluentBit(forTest(await example('fluent-bit.yaml'), shipping), 'fluent-bit.yaml', shipping);
      await shipping.api.untilAcknowledged();
      const stored = (await getAll(shipping.service.url)).toReversed();
      expect(stored.map(({ message }) => message).filter((message) => message.includes('instant'))).toEqual(
        lines,
      );
      expect(stored.filter(({ message }) => message.startsWith('Traceback'))).toMatchObject([
        { severity: 'error', message: trace },
      ]);
    },
  );
});

const isEven = ({ number }: ShippedLine) => number % 2 === 0;

/** Plain text, and for every third pair of lines the JSON of a logger that has no time. */
function kubeText({ level, number, isPoison }: ShippedLine): string {
  const message = `kube ${number}${isPoison ? ` ${TOO_LONG}` : ''}`;
  return number % 6 < 2 ? JSON.stringify({ level, message, id: 7 }) : `${level.toUpperCase()} ${message}`;
}

function kubeMessageOf(line: ShippedLine): string {
  return line.number % 6 < 2 ? `kube ${line.number}` : kubeText(line);
}

/** Longer lines are divided, as container runtimes do with those over 16 KB. */
function criLine(line: ShippedLine): string {
  const text = kubeText(line);
  const half = Math.floor(text.length / 2);
  const prefix = `${line.datetime.replace('Z', '000000Z')} stdout`;
  return `${prefix} P ${text.slice(0, half)}\n${prefix} F ${text.slice(half)}\n`;
}

function dockerLine(line: ShippedLine): string {
  const time = line.datetime.replace('Z', '000000Z');
  return `${JSON.stringify({ log: `${kubeText(line)}\n`, stream: 'stderr', time })}\n`;
}

const dockerMessageOf = ({ level, number }: ShippedLine) => `${level.toUpperCase()} docker ${number}`;

function dockerRecord(line: ShippedLine) {
  const milliseconds = Date.parse(line.datetime);
  return {
    seconds: Math.floor(milliseconds / 1000),
    nanoseconds: (milliseconds % 1000) * 1e6,
    record: {
      container_id: 'c0ffee',
      container_name: '/web',
      source: 'stdout',
      log: `${dockerMessageOf(line)}${line.isPoison ? ` ${TOO_LONG}` : ''}`,
    },
  };
}
