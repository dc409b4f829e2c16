import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';
import { type EmbeddedEngine, startEmbeddedEngine } from '../../local/engine/embedded-engine.ts';
import { createTestClient } from '../support/table.ts';

const TableName = 'logs';
/** LevelDB ends a block at the first row beyond so many bytes. */
const BLOCK_BYTES = 4_096;
/** Rows of a good 1,000 characters. */
const ROWS_IN_BLOCK = 5;

let folder: string;
let directory: string;
let engine: EmbeddedEngine | undefined;
let client: DynamoDBClient;
let log: ReturnType<typeof jest.spyOn>;
beforeEach(async () => {
  log = jest.spyOn(console, 'error').mockImplementation(() => {});
  folder = await mkdtemp(join(tmpdir(), 'log-engine-'));
  directory = join(folder, 'data');
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true });
  log.mockRestore();
});

describe('The embedded engine', () => {
  test('is started again on its port when it fails, with all that it has acknowledged', async () => {
    const running = await start();
    await put('a');
    await expect(crash(running)).rejects.toThrow();
    expect(await storedKeys()).toEqual(['a']);
    expect(log.mock.calls.join()).toContain('The embedded engine is started again: TypeError');
  });

  test('does not share its data', async () => {
    await start();
    await expect(startEmbeddedEngine(directory)).rejects.toThrow(
      `The data in ${directory} are in use by another server`,
    );
  });

  test.each([
    ['CURRENT', /^CURRENT$/],
    ['its list of files', /^MANIFEST/],
    ['its log', /\.log$/],
  ])('does not open data that have lost %s, and has all of them once it is back', async (_, pattern) => {
    await start();
    await put('a');
    await stop();
    const file = (await readdir(directory)).find((name) => pattern.test(name)) ?? '';
    await rename(join(directory, file), join(folder, file));
    await expect(startEmbeddedEngine(directory)).rejects.toThrow(
      /^The data in .+ cannot be opened .+: restore the directory from a backup/,
    );
    await rename(join(folder, file), join(directory, file));
    await start();
    expect(await storedKeys()).toEqual(['a']);
  });

  test('creates a data directory that only its owner may open', async () => {
    await start();
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  test('does not open a file as a directory, and says so', async () => {
    await (await open(directory, 'w')).close();
    await expect(startEmbeddedEngine(directory)).rejects.toThrow(`${directory} is not a directory`);
  });

  describe('with a damaged block in one of its files', () => {
    const keys = Array.from({ length: 6_000 }, (_, at) => `row-${at + 10_000}`);
    let damaged: string;
    beforeEach(async () => {
      await start();
      const filler = () => randomBytes(500).toString('hex');
      for (let at = 0; at < keys.length; at += 25) await putAll(keys.slice(at, at + 25), filler);
      await stop();
      // When it is opened again, LevelDB moves what is in its log to a table.
      await start();
      await stop();
      damaged = await damageBlock();
      await start({ maxAttempts: 1 });
    });

    test('fails each query that meets it, also one that reads on and ends behind it', async () => {
      const damage = engine?.watchReads();
      for (const Limit of [undefined, 5_000])
        await expect(allKeys({ Limit })).rejects.toMatchObject({ name: 'InternalServerError' });
      expect(await damage?.()).toMatch(
        new RegExp(`^A file in ${directory} is damaged \\(${damaged}: [^;]+\\): stop the server`),
      );
    });

    test('answers all others as if it were whole, and blames it for no other failure', async () => {
      await expect(allKeys()).rejects.toThrow();
      const damage = engine?.watchReads();
      const [first = '', last = ''] = [keys[0], keys.at(-1)];
      expect(await storedKeys(last.slice(0, -1))).toContain(last);
      expect(await storedKeys()).toContain(first);
      await put('zzz');
      expect(await storedKeys('zz')).toEqual(['zzz']);
      expect(await damage?.()).toBeUndefined();
      expect(log).not.toHaveBeenCalled();
    });

    test('has all other rows again after the command that it names', async () => {
      const damage = engine?.watchReads();
      await expect(allKeys()).rejects.toThrow();
      const [, command = ''] = /keep what can be read with: (.+)$/.exec((await damage?.()) ?? '') ?? [];
      await stop();
      expect(spawnSync(command, { shell: true, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
      await start();
      const found = await allKeys();
      expect(found.filter((key) => !keys.includes(String(key)))).toEqual([]);
      expect(found.length).toBeLessThan(keys.length);
      expect(found.length).toBeGreaterThanOrEqual(keys.length - 3 * ROWS_IN_BLOCK);
    });
  });

  test('accepts no writes while its directory is gone, and accepts them again when it is back', async () => {
    await start();
    await put('a');
    await rename(directory, `${directory}-moved`);
    await until(() => engine?.obstacle()?.includes('is gone'));
    await expect(put('b')).rejects.toThrow();
    await rename(`${directory}-moved`, directory);
    await until(() => engine?.obstacle() === undefined);
    await put('c');
    expect(await storedKeys()).toEqual(['a', 'c']);
  });
});

const canMount = process.platform === 'linux' && process.getuid?.() === 0;

(canMount ? describe : describe.skip)('The embedded engine, on a disk', () => {
  beforeEach(async () => {
    await mkdir(directory);
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', directory]);
  });
  afterEach(async () => {
    await stop();
    spawnSync('umount', [directory]);
  });

  test('that is mounted read-only, says that it cannot be written', async () => {
    await start();
    await stop();
    spawnSync('mount', ['-o', 'remount,ro', directory]);
    await expect(startEmbeddedEngine(directory)).rejects.toThrow(
      /^The data in .+ cannot be written \(.+Read-only file system\): allow writing, or choose another/,
    );
  });

  test('that is nearly full, says so before a write fails, and still reads', async () => {
    await start();
    await put('a');
    await fill(32);
    await until(() => engine?.obstacle()?.includes('is full'));
    expect(await storedKeys()).toEqual(['a']);
    await unlink(ballast());
    await until(() => engine?.obstacle() === undefined);
    await put('b');
    expect(await storedKeys()).toEqual(['a', 'b']);
  });

  test('that is full, loses nothing that it has acknowledged, still reads, and writes again once there is room', async () => {
    await start();
    await fill(48);
    const acknowledged: string[] = [];
    for (let at = 0; acknowledged.length === at; at++) {
      const keys = [`row-${at + 100}`];
      await putAll(keys, () => 'x'.repeat(100_000)).then(
        () => acknowledged.push(...keys),
        () => {},
      );
    }
    expect(await storedKeys()).toEqual(expect.arrayContaining(acknowledged));
    await unlink(ballast());
    await until(async () => {
      if (engine?.obstacle() !== undefined) return false;
      return put('z').then(
        () => true,
        () => false,
      );
    });
    expect(await storedKeys()).toEqual(expect.arrayContaining([...acknowledged, 'z']));
  });
});

async function start({ maxAttempts } = { maxAttempts: 10 }): Promise<EmbeddedEngine> {
  engine = await startEmbeddedEngine(directory);
  client = createTestClient(engine.endpoint, { maxAttempts }, engine.accessKeyId);
  await createTableIfAbsent(client, TableName);
  return engine;
}

async function stop(): Promise<void> {
  client?.destroy();
  await engine?.close();
  engine = undefined;
}

async function put(key: string): Promise<void> {
  const Item = { pk: { S: 'partition' }, sk: { S: key } };
  await client.send(new PutItemCommand({ TableName, Item }));
}

async function putAll(keys: string[], filler: () => string): Promise<void> {
  const requests = keys.map((key) => ({
    PutRequest: { Item: { pk: { S: 'partition' }, sk: { S: key }, filler: { S: filler() } } },
  }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
}

async function storedKeys(from = ' '): Promise<(string | undefined)[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk AND sk > :from',
      ExpressionAttributeValues: { ':pk': { S: 'partition' }, ':from': { S: from } },
    }),
  );
  return Items.map(({ sk }) => sk?.S);
}

/** Sends what dynalite 4.0.0 does not expect: a body that is not an object. */
function crash({ endpoint, accessKeyId }: EmbeddedEngine): Promise<Response> {
  return fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'DynamoDB_20120810.GetItem',
      'X-Amz-Date': '20231115T120500Z',
      Authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/b, SignedHeaders=c, Signature=d`,
    },
    body: 'null',
  });
}

/** All rows, as a reader of pages has them. */
async function allKeys(options: { Limit?: number } = {}): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'partition' } },
        ExclusiveStartKey,
        ...options,
      }),
    );
    found.push(...Items.map(({ sk }) => sk?.S));
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}

/** Overwrites a block in the middle of the largest file. Returns the file's name. */
async function damageBlock(): Promise<string> {
  const tables = (await readdir(directory)).filter((name) => name.endsWith('.ldb'));
  const sizes = await Promise.all(tables.map(async (name) => (await stat(join(directory, name))).size));
  const largest = Math.max(...sizes);
  const name = tables[sizes.indexOf(largest)] ?? '';
  const file = await open(join(directory, name), 'r+');
  await file.write(Buffer.alloc(BLOCK_BYTES, 0xff), 0, undefined, Math.floor(largest / 2));
  await file.close();
  return name;
}

function ballast(): string {
  return join(directory, 'ballast');
}

async function fill(megabytes: number): Promise<void> {
  spawnSync('dd', ['if=/dev/zero', `of=${ballast()}`, 'bs=1M', `count=${megabytes}`]);
}

/** Waits for what the engine finds when it checks its directory. */
async function until(isTrue: () => unknown): Promise<void> {
  while (!(await isTrue())) await delay(50);
}
