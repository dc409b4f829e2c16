import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
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
  const look = (environment = {}) => outputsOf('label', 'look', environment);

  const found = { found: 'true', recorded: 'true', complete: 'true' };
  const notFound = { ...found, found: 'false' };

  testWithJq('finds the label of the pull request that became the commit', async () => {
    github.pulls = [merged('abc', 'deploy_log_ingest', 'other')];
    expect(await look()).toEqual(found);
  });

  testWithJq('finds the label of each pull request that a merge queue has pushed together', async () => {
    github.pushed = { '1st': 'before', abc: '1st' };
    github.pulls = [merged('abc'), merged('1st', 'deploy_log_ingest')];
    expect(await look()).toEqual(found);
  });

  testWithJq('does not find the label of a pull request of another push', async () => {
    github.pulls = [merged('abc', 'deploy_log_retrieval'), merged('before', 'deploy_log_ingest')];
    expect(await look()).toEqual(notFound);
  });

  testWithJq('finds the label when the push has created the branch', async () => {
    github.pulls = [merged('abc', 'deploy_log_ingest')];
    expect(await look({ BEFORE: '0'.repeat(40) })).toEqual(found);
  });

  testWithJq('needs no pull request for the commits that a merge brings along', async () => {
    github.pushed = { topic: 'before', abc: 'before' };
    github.pulls = [merged('abc', 'other')];
    expect(await look()).toEqual(notFound);
  });

  testWithJq.each([
    { what: 'the only pull request', later: [merged('abc', 'deploy_log_ingest')], pulls: [] },
    { what: 'one of a group', later: [merged('1st', 'deploy_log_ingest')], pulls: [merged('abc')] },
  ])('looks again if GitHub has not recorded $what yet', async ({ pulls, later }) => {
    github.pushed = { '1st': 'before', abc: '1st' };
    github.pulls = pulls;
    github.later = [...pulls, ...later];
    expect(await look()).toMatchObject({ found: 'true' });
  });

  testWithJq.each([
    { why: 'there is none', pulls: [] },
    { why: 'it became another commit', pulls: [merged('def', 'deploy_log_ingest')] },
    {
      why: 'it was closed without a merge',
      pulls: [{ ...merged('abc', 'deploy_log_ingest'), merged_at: null }],
    },
  ])('ends after a minute, and says that there is no pull request, if $why', async ({ pulls }) => {
    github.pulls = pulls;
    expect(await look()).toEqual({ found: 'false', recorded: 'false', complete: 'false' });
    expect(await readFile(join(bin, 'slept'), 'utf8')).toBe('10\n'.repeat(6));
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

  test('fails before it deploys a function for which there is no table', async () => {
    const { env, run } = job.steps.at(-2) ?? {};
    expect(env).toEqual({ TABLE: '${{ inputs.table }}' });
    await expect(bash(run, { TABLE: 'dev-logs', TABLES: 'dev-logs' })).resolves.toBeDefined();
    await expect(bash(run, { TABLE: 'dev-logs', TABLES: '' })).rejects.toMatchObject({ code: 254 });
  });

  testWithJq('stops if a newer commit on the branch has the label', async () => {
    github.ahead = ['def', 'fed'];
    github.pulls = [merged('fed', 'deploy_log_ingest')];
    expect(await newer()).toEqual({ found: 'true' });
    for (const step of job.steps.slice(-3)) expect(step.if).toBe("steps.newer.outputs.found == 'false'");
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
    {
      label: 'success',
      found: 'false',
      recorded: 'false',
      deploy: 'skipped',
      hears: 'was NOT deployed, because the push to develop has no pull request',
    },
  ])('hears "$hears" after look-up $label (found: $found), deployment $deploy', (run) => {
    const needs = {
      label: { result: run.label, outputs: { found: run.found, recorded: run.recorded ?? 'true' } },
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

interface GitHub {
  /** Pull requests. Without them, it is out of order. */
  pulls?: object[];
  /** What becomes of these while a script waits. */
  later?: object[];
  /** Commits that the branch has gained since. */
  ahead: string[];
  /** The commits of the push, each with its first parent. */
  pushed: Record<string, string>;
}

/** What GitHub answers to the scripts. */
let github: GitHub;
beforeEach(() => {
  github = { ahead: [], pushed: { abc: 'before' } };
});

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
  */compare/abc...abc) answer='{"commits": []}' ;;
  */compare/before...abc) answer='{"commits": .pushed | to_entries | map({sha: .key, parents: [{sha: .value}]})}' ;;
  */compare/abc...develop) answer='{"commits": .ahead | map({sha: .})}' ;;
  */pulls\\?state=closed\\&base=develop\\&*) answer='.pulls // error' ;;
esac
jq --raw-output "$answer" "$GITHUB_ANSWERS" | jq --raw-output "$4"
exit "\${PIPESTATUS[0]}"
`;

/** Stands for the AWS CLI, in an account that has the tables of the variable TABLES. */
const AWS = `#!/usr/bin/env bash
[ "$1 $2 $3" = "dynamodb describe-table --table-name" ] && [[ " $TABLES " == *" $4 "* ]] || exit 254
`;

/** Takes no time. Meanwhile GitHub records further pull requests. */
const SLEEP = `#!/usr/bin/env bash
echo "$1" >> "$(dirname "$GITHUB_ANSWERS")/slept"
jq '.pulls = (.later // .pulls)' "$GITHUB_ANSWERS" > "$GITHUB_ANSWERS.new"
mv "$GITHUB_ANSWERS.new" "$GITHUB_ANSWERS"
`;

let bin: string;
beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), 'log-service-workflow-'));
  for (const [name, script] of Object.entries({ gh: GH, aws: AWS, sleep: SLEEP }))
    await writeFile(join(bin, name), script, { mode: 0o755 });
});
afterAll(() => rm(bin, { recursive: true }));

/** Runs the script of a step as a runner does, for the commit `abc`, and reads its outputs. */
async function outputsOf(job: string, id: string, environment = {}): Promise<Record<string, string>> {
  const answers = join(bin, 'answers.json');
  const outputs = join(bin, 'outputs');
  await writeFile(answers, JSON.stringify(github));
  await writeFile(outputs, '');
  await rm(join(bin, 'slept'), { force: true });
  await bash(workflow.jobs[job]?.steps.find((step) => step.id === id)?.run, {
    GITHUB_ANSWERS: answers,
    GITHUB_OUTPUT: outputs,
    GITHUB_REPOSITORY: 'octo/log-service',
    GITHUB_REF_NAME: 'develop',
    GITHUB_SHA: 'abc',
    BEFORE: 'before',
    ...environment,
    LABEL: 'deploy_log_ingest',
  });
  const lines = (await readFile(outputs, 'utf8')).trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split('=')));
}

function bash(script: string | undefined, environment: Record<string, string>) {
  if (!script) throw new Error('the step has no script');
  const env = { ...environment, PATH: `${bin}${delimiter}${process.env.PATH}` };
  return promisify(execFile)('bash', ['--norc', '-e', '-c', script], { env });
}

/** The value of an expression of GitHub. Those of this workflow mean the same in JavaScript. */
function evaluate(expression: string | undefined, needs: object): unknown {
  const [, code = expression] = /^\$\{\{(.*)\}\}$/s.exec(expression ?? '') ?? [];
  return runInNewContext(code ?? '', { needs, always: () => true });
}
