import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { namesOf } from '../../stacks/names.ts';
import { STAGES } from '../../stacks/stages.ts';

const folder = new URL('../../.github/workflows/', import.meta.url);
const workflows = readdirSync(folder).map((name) => ({ name, text: read(name) }));

type Step = { run?: string; uses?: string; env?: Record<string, string> };
type Job = { permissions?: object; uses?: string; secrets?: Record<string, string>; steps?: Step[] };
type Workflow = { on: object; permissions: object; jobs: Record<string, Job> };

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

describe.each([
  { file: 'deploy-log-ingestion_dev.yml', label: 'deploy_log_ingest', stack: 'dev-log-ingest' },
  { file: 'deploy-log-retrieval_dev.yml', label: 'deploy_log_retrieval', stack: 'dev-log-retrieval' },
])('$file', ({ file, label, stack }) => {
  const workflow: Workflow = parse(read(file));

  test('runs on a push to develop, and deploys the stack of the function if the merged pull request has the label', () => {
    expect(workflow.on).toEqual({ push: { branches: ['develop'] } });
    expect(Object.values(workflow.jobs)).toEqual([
      expect.objectContaining({
        uses: './.github/workflows/deploy-function.yml',
        with: { label, stack, table: namesOf('dev').table, region: 'us-east-1' },
      }),
    ]);
  });

  test('deploys into the region where the stage is', () => {
    expect(STAGES.dev?.region ?? 'us-east-1').toBe('us-east-1');
  });

  test('passes on the secrets for the account, the role and Slack', () => {
    for (const secret of ['AWS_ACCOUNT_ID', 'ROLE_NAME_GITHUB', 'SLACK_WEBHOOK_URL'])
      expect(workflow.jobs.deploy?.secrets?.[secret]).toBe(`\${{ secrets.${secret} }}`);
  });

  test('gives the called workflow every permission that one of its jobs asks for', () => {
    const called: Workflow = parse(read('deploy-function.yml'));
    const asked = Object.assign({}, ...Object.values(called.jobs).map(({ permissions }) => permissions));
    expect(workflow.jobs.deploy?.permissions).toEqual(asked);
  });
});

test('The workflow for pull requests runs what a person runs before a change lands', () => {
  const { on, jobs }: Workflow = parse(read('ci.yml'));
  expect(Object.keys(on)).toContain('pull_request');
  expect(Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run = [] }) => run))).toEqual([
    '.ci/run',
  ]);
});

describe.each(workflows)('$name', ({ text }) => {
  const { permissions, jobs }: Workflow = parse(text);
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);

  test('pins every third-party action to a commit and names its version', () => {
    const used = [...text.matchAll(/uses: (.+)$/gm)].map(([, action]) => action ?? '');
    for (const action of used.filter((name) => !name.startsWith('./')))
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('declares its permissions, and never write access to contents or pull requests', () => {
    expect(permissions).toEqual(expect.any(Object));
    expect(text).not.toMatch(/write-all|contents: write|pull-requests: write/);
  });

  test('has no expression in a shell script, so that input of others is never run as code', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });
});
