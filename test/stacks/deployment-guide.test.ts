import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { createLogWriter } from '../../entities/write/log-writer.ts';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';
import { checked, entry } from '../support/entries.ts';
import { type EngineFaultRates, startFaultyEngine } from '../support/fault-engine.ts';
import { startService } from '../support/service.ts';
import { type SynthesizedApp, synthesizeApp } from '../support/synthesized-app.ts';
import { ENGINE_ENVIRONMENT, openTables } from '../support/table.ts';

const run = promisify(execFile);
const repository = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, repository), 'utf8');

/** The `sh` blocks of a document, without the indentation of the list around them. */
function shellBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

const guide = await read('docs/deploy.md');
const scale = await read('docs/scale.md');
const blocks = shellBlocks(guide);
const workflow: { jobs: { deploy: { steps: { run?: string }[] } } } = parse(
  await read('.github/workflows/deploy-function.yml'),
);
const commandOfWorkflow = String(workflow.jobs.deploy.steps.at(-1)?.run).replace(
  '"$STACK"',
  'dev-log-ingest',
);

/** Every command of the CDK that a person or the workflow is told to run. */
const cdkCommands = [commandOfWorkflow, ...[guide, scale, await read('README.md')].flatMap(cdkCommandsIn)];

function cdkCommandsIn(markdown: string): string[] {
  const inline = [...markdown.matchAll(/`(npx cdk [^`]+)`/g)].map(([, command = '']) => command);
  const joined = shellBlocks(markdown).join('\n').replaceAll('\\\n', ' ');
  const lines = joined.split('\n').map((line) => line.replace(/\s+#.*$/, '').trim());
  return [...inline, ...lines.filter((line) => line.startsWith('npx cdk '))];
}

function contextOf(command: string): Record<string, string> {
  const given = [...command.matchAll(/(?:-c|--context) (\w+)=(\S+)/g)];
  return Object.fromEntries(given.map(([, key = '', value = '']) => [key, value]));
}

let person: SynthesizedApp;
beforeAll(async () => {
  person = await synthesizeApp();
});

describe('A deployment', () => {
  test('is the same for the workflow and for a person', async () => {
    const byWorkflow = await synthesizeApp(contextOf(commandOfWorkflow), {
      // What GitHub's runner and configure-aws-credentials set.
      environment: {
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        AWS_REGION: 'eu-central-1',
        CDK_DEFAULT_REGION: 'eu-central-1',
        CDK_DEFAULT_ACCOUNT: '111122223333',
      },
    });
    expect(byWorkflow.stackNames).toEqual(person.stackNames);
    for (const name of person.stackNames)
      expect(byWorkflow.templateText(name)).toBe(person.templateText(name));
  });

  test('has as many alarm metrics as are priced', () => {
    type Alarm = { Metrics?: { MetricStat?: object }[] };
    const alarms = Object.values(person.resources<Alarm>('dev-log-monitoring', 'AWS::CloudWatch::Alarm'));
    // An alarm without a list has one metric.
    const metrics = alarms.flatMap(
      ({ Properties }): object[] =>
        Properties.Metrics?.filter(({ MetricStat }) => MetricStat) ?? [Properties],
    );
    expect(scale).toContain(`${metrics.length} alarm metrics $${(metrics.length * 0.1).toFixed(2)}`);
  });

  test('has no deploy role if no repository is named', () => {
    expect(person.stackNames).not.toContain('dev-log-deploy-role');
  });

  test('takes no setting from the command line but the stage, because the next one would take it back', () => {
    const deployments = cdkCommands.filter((command) => command.includes('cdk deploy'));
    expect(deployments.length).toBeGreaterThan(5);
    for (const command of deployments)
      expect(Object.keys(contextOf(command))).toEqual(contextOf(command).stage ? ['stage'] : []);
  });

  test('names stacks that exist', () => {
    const existing = [...person.stackNames, 'dev-log-deploy-role'].map((name) => name.replace(/^dev-/, ''));
    const named = cdkCommands.flatMap((command) => [...command.matchAll(/ (?:dev|prod)-(log-[a-z-]+)/g)]);
    expect(named.length).toBeGreaterThan(5);
    for (const [, name] of named) expect(existing).toContain(name);
  });

  test('uses options that the CDK has', async () => {
    for (const verb of ['bootstrap', 'deploy', 'destroy', 'diff', 'drift', 'import']) {
      const options = cdkCommands
        .map((command) => command.replace(/\$\(.*?\)/g, ''))
        .filter((command) => command.startsWith(`npx cdk ${verb}`))
        .flatMap((command) => command.match(/ --[a-z-]+/g) ?? []);
      if (options.length === 0) continue;
      const { stdout } = await run('node_modules/.bin/cdk', [verb, '--help'], { cwd: repository });
      for (const option of options) expect(stdout).toContain(option);
    }
  });
});

describe('The policy for deployments', () => {
  test('allows the service of every resource of the stacks', async () => {
    const policy: { Statement: { Action: string | string[] }[] } = JSON.parse(
      await read('docs/deployment-policy.json'),
    );
    const allowed = policy.Statement.flatMap(({ Action }) => Action).map((action) => action.split(':')[0]);
    const types = person.stackNames.flatMap((name) =>
      Object.values<{ Type: string }>(JSON.parse(person.templateText(name)).Resources).map(
        ({ Type }) => Type,
      ),
    );
    const services = types.map((type) => type.split('::')[1]?.toLowerCase());
    expect(new Set(services).size).toBeGreaterThan(5);
    for (const service of services) if (service !== 'cdk') expect(allowed).toContain(service);
  });
});

describe('The permissions boundary', () => {
  test('is on every role when cdk.json names it, and allows what each role may do', async () => {
    const boundary: { Statement: { Action: string | string[] }[] } = JSON.parse(
      await read('docs/permissions-boundary.json'),
    );
    const allowed = boundary.Statement.flatMap(({ Action }) => Action);
    const app = await synthesizeApp({
      githubRepository: 'octo/log-service',
      '@aws-cdk/core:permissionsBoundary': { name: 'log-service-boundary' },
    });
    type Role = { PermissionsBoundary?: object };
    type Policy = { PolicyDocument: { Statement: { Action: string | string[] }[] } };
    const all = <Properties>(type: string) =>
      app.stackNames.flatMap((name) => Object.values(app.resources<Properties>(name, type)));
    const roles = all<Role>('AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(3);
    for (const { Properties } of roles)
      expect(JSON.stringify(Properties.PermissionsBoundary)).toContain(':policy/log-service-boundary');
    for (const { Properties } of all<Policy>('AWS::IAM::Policy'))
      for (const { Action } of Properties.PolicyDocument.Statement)
        expect(allowed).toEqual(expect.arrayContaining([Action].flat()));
  });
});

describe('The commands that copy a damaged table', () => {
  const copy = blocks.find((block) => block.includes('batch-write-item')) ?? '';
  const testWithJq = spawnSync('jq', ['--version']).error ? test.skip : test;

  /** Runs them where each batch has the fault at first, with entries that are too long for an argument together. */
  async function copyBesides(fault: Partial<EngineFaultRates>) {
    const tables = await openTables();
    const table = await tables.create();
    const damaged = `${table}-damaged`;
    await createTableIfAbsent(tables.client, damaged);
    const writer = createLogWriter({ client: tables.client, table: damaged, shards: 1, retentionDays: 1 });
    const sent = Array.from({ length: 60 }, () => checked(entry({ message: 'x'.repeat(8_000) })));
    await writer.appendEntries(sent, AbortSignal.timeout(60_000));

    const faults = { unprocessed: 0, throttled: 0, reset: 0, denied: 0, ...fault };
    const engine = await startFaultyEngine(tables.endpoint, faults, 1);
    const bin = await mkdtemp(join(tmpdir(), 'log-service-copy-'));
    const program = fileURLToPath(new URL('test/support/aws-stand-in.mjs', repository));
    await writeFile(join(bin, 'aws'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, {
      mode: 0o755,
    });
    const env = {
      ...ENGINE_ENVIRONMENT,
      AWS_ENDPOINT_URL_DYNAMODB: engine.url,
      TABLE: table,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
    };
    try {
      const output = await run('bash', ['--norc', '-c', copy], { env }).catch((error) => error);
      const { Count } = await tables.client.send(new ScanCommand({ TableName: table }));
      return { stdout: output.stdout, copied: Count, batches: engine.counts };
    } finally {
      await Promise.all([engine.close(), rm(bin, { recursive: true })]);
      tables.close();
    }
  }

  testWithJq('copy every item, and send again what DynamoDB leaves unprocessed', async () => {
    const { stdout, copied, batches } = await copyBesides({ unprocessed: 0.01 });
    expect(stdout).toBe('All is copied.\n');
    // The catalogue has two rows for the day.
    expect(copied).toBeGreaterThan(60);
    expect(batches.unprocessed).toBe(1);
  });

  testWithJq('stop at the first error', async () => {
    const { stdout, batches } = await copyBesides({ denied: 0.01 });
    // The other request is the scan.
    expect({ stdout, batches }).toMatchObject({ stdout: '', batches: { denied: 1, none: 1 } });
  });
});

describe('The guide', () => {
  const runHere = blocks.filter((block) => !/^# needs (AWS|GitHub)\n/.test(block));
  const blockWith = (text: string) => runHere.find((block) => block.includes(text)) ?? '';

  test('marks each block of commands that needs an account, and a test runs the others', () => {
    expect(runHere.map((block) => block.split('\n')[0])).toEqual([
      expect.stringMatching(/^curl "\$URL" -H "x-api-key/),
      // test/processes/upgrade.test.ts
      expect.stringMatching(/^npm run --silent logs /),
      expect.stringMatching(/^node -e /),
    ]);
    for (const block of runHere) expect(block).not.toMatch(/\b(aws|gh|cdk) /);
  });

  test('requires the checks that CI reports, one for each version of Node', async () => {
    const ci: { jobs: Record<string, { strategy: { matrix: { node: number[] } } }> } = parse(
      await read('.github/workflows/ci.yml'),
    );
    // GitHub names a job of a matrix after the job and its values.
    const checks = Object.entries(ci.jobs).flatMap(([job, { strategy }]) =>
      strategy.matrix.node.map((version) => `${job} (${version})`),
    );
    const contexts = /"contexts": (\[.*?\])/.exec(guide)?.[1] ?? '[]';
    expect(JSON.parse(contexts)).toEqual(checks);
  });

  test('stores its first entry, and is answered as it says', async () => {
    const service = await startService();
    const { stdout } = await run('bash', ['-ec', blockWith('x-api-key')], {
      env: { PATH: process.env.PATH, URL: `${service.url}/logs`, KEY: 'any' },
    });
    const shown = /```json\n(\{ "accepted[\s\S]*?)```/.exec(guide)?.[1] ?? '';
    expect(JSON.parse(stdout)).toEqual(JSON.parse(shown));

    const newest = await (await fetch(`${service.url}/logs`)).json();
    const shownNewest = /```json\n(\[[\s\S]*?)```/.exec(guide)?.[1] ?? '';
    expect(newest).toEqual(JSON.parse(shownNewest));
    await service.close();
  });

  test('finds the place in the source that a stack trace of a bundle names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'log-service-guide-'));
    await writeFile(
      join(folder, 'source.ts'),
      'export const one = 1;\n\nexport function fail(): never {\n  throw new Error("x");\n}\n',
    );
    const outfile = join(folder, 'index.mjs');
    await build({
      entryPoints: [join(folder, 'source.ts')],
      outfile,
      minify: true,
      sourcemap: true,
      format: 'esm',
    });
    const column = (await readFile(outfile, 'utf8')).indexOf('throw') + 1;
    const { stdout } = await run(
      'bash',
      ['-ec', blockWith('SourceMap').replace('LINE COLUMN', `1 ${column}`)],
      {
        cwd: folder,
      },
    );
    expect(stdout).toMatch(/originalSource: 'source\.ts'[\s\S]*originalLine: 3/);
    await rm(folder, { recursive: true });
  });
});
