import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

type Step = { id?: string; if?: string; run?: string; uses?: string; env?: Record<string, string> };
type Job = {
  needs?: string | string[];
  if?: string;
  uses?: string;
  with?: object;
  concurrency?: object;
  steps: Step[];
};
type Workflow = { on: { workflow_call: { secrets: object } }; jobs: Record<string, Job> };

const file = new URL('../../.github/workflows/deploy-function.yml', import.meta.url);
const workflow: Workflow = parse(await readFile(file, 'utf8'));

// GitHub's runners have jq. On a machine without it, the scripts that need it are not run.
const testWithJq = spawnSync('jq', ['--version']).error ? test.skip : test;

describe('The look-up of the label', () => {
  const look = () => outputsOf('label', 'look');

  testWithJq('finds the label of the pull request that became the commit', async () => {
    github.pulls = [merged('abc', 'deploy_log_ingest', 'other')];
    expect(await look()).toEqual({ found: 'true' });
  });

  testWithJq.each([
    { why: 'has another label', pull: merged('abc', 'deploy_log_retrieval') },
    { why: 'became another commit', pull: merged('def', 'deploy_log_ingest') },
    { why: 'was closed without a merge', pull: { ...merged('abc', 'deploy_log_ingest'), merged_at: null } },
  ])('does not find it if the pull request $why', async ({ pull }) => {
    github.pulls = [pull];
    expect(await look()).toEqual({ found: 'false' });
  });

  testWithJq('fails if GitHub does not answer, instead of saying that there is no label', async () => {
    github.pulls = undefined;
    await expect(look()).rejects.toMatchObject({ code: expect.any(Number) });
  });
});

describe('The deployment', () => {
  const job = workflow.jobs.deploy as Job;
  const newer = () => outputsOf('deploy', 'newer');

  test('comes after the tests, which run only for the label', () => {
    expect(workflow.jobs.test).toMatchObject({ needs: 'label', uses: './.github/workflows/ci.yml' });
    expect(job.needs).toBe('test');
    const runsTests = (found: string) => evaluate(workflow.jobs.test?.if, { label: { outputs: { found } } });
    expect([runsTests('true'), runsTests('false')]).toEqual([true, false]);
  });

  test('of a stack waits for one that is running, and never takes the place of another that waits', () => {
    expect(job.concurrency).toEqual({ group: '${{ inputs.stack }}', queue: 'max' });
  });

  test('deploys only the one stack, with the OIDC role', () => {
    const role = 'arn:aws:iam::${{ secrets.AWS_ACCOUNT_ID }}:role/${{ secrets.ROLE_NAME_GITHUB }}';
    expect(job.steps).toContainEqual(
      expect.objectContaining({ with: expect.objectContaining({ 'role-to-assume': role }) }),
    );
    expect(job.steps.at(-1)?.run).toBe('npx cdk deploy "$STACK" --exclusively --require-approval never');
  });

  testWithJq('stops if a newer commit on the branch has the label', async () => {
    github.ahead = ['def', 'fed'];
    github.pulls = [merged('fed', 'deploy_log_ingest')];
    expect(await newer()).toEqual({ found: 'true' });
    const [credentials, deploy] = job.steps.slice(-2).map((step) => step.if);
    expect(credentials).toBe("steps.newer.outputs.found == 'false'");
    expect(deploy).toBe(credentials);
  });

  testWithJq.each([
    { why: 'no newer commit is on the branch', ahead: [], pulls: [merged('abc', 'deploy_log_ingest')] },
    {
      why: 'the newer one has another label',
      ahead: ['def'],
      pulls: [merged('def', 'deploy_log_retrieval')],
    },
    { why: 'the other one is older', ahead: ['def'], pulls: [merged('0ld', 'deploy_log_ingest')] },
  ])('continues if $why', async ({ ahead, pulls }) => {
    Object.assign(github, { ahead, pulls });
    expect(await newer()).toEqual({ found: 'false' });
  });
});

describe('Slack', () => {
  const job = workflow.jobs.notify as Job;
  const [step] = job.steps;

  test.each([
    { label: 'success', found: 'true', deploy: 'success', hears: 'was deployed' },
    { label: 'success', found: 'true', deploy: 'failure', hears: 'was NOT deployed' },
    { label: 'success', found: 'true', deploy: 'skipped', hears: 'was NOT deployed' },
    {
      label: 'success',
      found: 'true',
      deploy: 'success',
      superseded: 'true',
      hears: 'is left to the run of a newer commit',
    },
    {
      label: 'failure',
      found: '',
      deploy: 'skipped',
      hears: 'was NOT deployed, because the label could not be looked up',
    },
    { label: 'success', found: 'false', deploy: 'skipped', hears: undefined },
  ])('hears "$hears" after look-up $label (found: $found), deployment $deploy', (run) => {
    const needs = {
      label: { result: run.label, outputs: { found: run.found } },
      deploy: { result: run.deploy, outputs: { superseded: run.superseded ?? '' } },
    };
    expect(job.needs).toEqual(['label', 'test', 'deploy']);
    const isTold = evaluate(job.if, needs);
    expect(isTold ? evaluate(step?.env?.RESULT, needs) : undefined).toBe(run.hears);
  });

  test('is not told, and nothing fails, if the secret is missing', async () => {
    expect(workflow.on.workflow_call.secrets).toMatchObject({ SLACK_WEBHOOK_URL: { required: false } });
    await expect(bash(step?.run, { SLACK_WEBHOOK_URL: '' })).resolves.toMatchObject({
      stdout: expect.stringMatching(/^::notice::/),
    });
  });

  testWithJq('that does not answer makes nothing fail', async () => {
    const environment = { SLACK_WEBHOOK_URL: 'http://127.0.0.1:9/', STACK: 's', RESULT: 'r', RUN_URL: 'u' };
    await expect(bash(step?.run, environment)).resolves.toMatchObject({
      stdout: '::warning::Slack could not be told.\n',
    });
  });
});

/** What GitHub answers to the scripts. Without pull requests, it is out of order. */
const github: { pulls?: object[]; ahead: string[] } = { ahead: [] };

function merged(commit: string, ...labels: string[]): object {
  return {
    merged_at: '2026-01-01T00:00:00Z',
    merge_commit_sha: commit,
    labels: labels.map((name) => ({ name })),
  };
}

/** Stands for GitHub's program: it answers from a file, through the filter of `--jq`. */
const GH = `#!/usr/bin/env bash
case "$2" in
  */compare/abc...develop) answer='{"commits": .ahead | map({sha: .})}' ;;
  */pulls\\?state=closed\\&base=develop\\&*) answer='.pulls // error' ;;
esac
jq --raw-output "$answer" "$GITHUB_ANSWERS" | jq --raw-output "$4"
exit "\${PIPESTATUS[0]}"
`;

let bin: string;
beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), 'log-service-workflow-'));
  await writeFile(join(bin, 'gh'), GH);
  await chmod(join(bin, 'gh'), 0o755);
});
afterAll(() => rm(bin, { recursive: true }));

/** Runs the script of a step as a runner does, for the commit `abc`, and reads its outputs. */
async function outputsOf(job: string, id: string): Promise<Record<string, string>> {
  const answers = join(bin, 'answers.json');
  const outputs = join(bin, 'outputs');
  await writeFile(answers, JSON.stringify(github));
  await writeFile(outputs, '');
  await bash(workflow.jobs[job]?.steps.find((step) => step.id === id)?.run, {
    GITHUB_ANSWERS: answers,
    GITHUB_OUTPUT: outputs,
    GITHUB_REPOSITORY: 'octo/log-service',
    GITHUB_REF_NAME: 'develop',
    GITHUB_SHA: 'abc',
    LABEL: 'deploy_log_ingest',
  });
  const lines = (await readFile(outputs, 'utf8')).trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split('=')));
}

function bash(script: string | undefined, environment: Record<string, string>) {
  if (!script) throw new Error('the step has no script');
  const env = { ...environment, PATH: `${bin}${delimiter}${process.env.PATH}` };
  return promisify(execFile)('bash', ['-e', '-c', script], { env });
}

/** The value of an expression of GitHub. Those of this workflow mean the same in JavaScript. */
function evaluate(expression: string | undefined, needs: object): unknown {
  const [, code = expression] = /^\$\{\{(.*)\}\}$/s.exec(expression ?? '') ?? [];
  return runInNewContext(code ?? '', { needs, always: () => true });
}
