import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const folder = new URL('../../.github/workflows/', import.meta.url);
const workflows = readdirSync(folder).map((name) => ({ name, text: read(name) }));

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

describe.each([
  { file: 'deploy-log-ingestion_dev.yml', label: 'deploy_log_ingest', stack: 'dev-log-ingest' },
  { file: 'deploy-log-retrieval_dev.yml', label: 'deploy_log_retrieval', stack: 'dev-log-retrieval' },
])('$file', ({ file, label, stack }) => {
  test('runs on a push to develop, and deploys if the merged pull request has the label', () => {
    expect(read(file)).toMatch(/^on:\n {2}push:\n {4}branches: \[develop\]\n\n/m);
    expect(read(file)).toContain(
      `uses: ./.github/workflows/merged-label.yml\n    with:\n      label: ${label}\n`,
    );
    expect(read(file)).toContain("if: needs.label.outputs.found == 'true'");
  });

  test("deploys the function's stack in us-east-1", () => {
    expect(read(file)).toContain(`stack: ${stack}\n      region: us-east-1\n`);
  });

  test('passes on the secrets for the account, the role and Slack', () => {
    for (const secret of ['AWS_ACCOUNT_ID', 'ROLE_NAME_GITHUB', 'SLACK_WEBHOOK_URL'])
      expect(read(file)).toContain(`${secret}: \${{ secrets.${secret} }}`);
  });
});

describe('merged-label.yml', () => {
  test('looks for the merged pull request that became the commit', () => {
    const text = read('merged-label.yml');
    expect(text).toContain('.merged_at != null and .merge_commit_sha == env.GITHUB_SHA');
    expect(text).toContain('any(.labels[]; .name == env.LABEL)');
  });
});

describe('deploy-function.yml', () => {
  const text = read('deploy-function.yml');

  test('runs the tests first, then deploys only the one stack, with the OIDC role', () => {
    expect(text).toContain('uses: ./.github/workflows/ci.yml');
    expect(text).toMatch(/ {2}deploy:\n {4}needs: test\n/);
    expect(text).toContain('arn:aws:iam::${{ secrets.AWS_ACCOUNT_ID }}:role/${{ secrets.ROLE_NAME_GITHUB }}');
    expect(text).toContain('npx cdk deploy "$STACK" --exclusively');
  });

  test('tells Slack about success and failure, and does not fail if the secret is missing', () => {
    expect(text).toMatch(/needs: \[test, deploy\]\n {4}if: always\(\)\n/);
    expect(text).toMatch(/SLACK_WEBHOOK_URL:\n {8}required: false/);
    expect(text).toMatch(/if \[ -z "\$SLACK_WEBHOOK_URL" \]; then\n.*\n\s+exit 0/);
  });
});

describe.each(workflows)('$name', ({ text }) => {
  test('pins every third-party action to a commit and names its version', () => {
    const used = [...text.matchAll(/uses: (.+)$/gm)].map(([, action]) => action ?? '');
    for (const action of used.filter((name) => !name.startsWith('./')))
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('declares its permissions, and never write access to contents or pull requests', () => {
    expect(text).toMatch(/^permissions:/m);
    expect(text).not.toMatch(/write-all|contents: write|pull-requests: write/);
  });

  test('has no expression in a shell script, so that input of others is never run as code', () => {
    for (const script of shellScripts(text)) expect(script).not.toContain('${{');
  });
});

/** The script of each `run:`, whether on one line or as a block. */
function shellScripts(text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const found = /^(\s*)(?:- )?run: (.*)$/.exec(line);
    if (!found) return [];
    const [, indent = '', script = ''] = found;
    if (script !== '|') return [script];
    const end = lines.findIndex((next, at) => at > index && next !== '' && !next.startsWith(`${indent} `));
    return [lines.slice(index + 1, end === -1 ? undefined : end).join('\n')];
  });
}
