import { describe, expect, test } from '@jest/globals';
import { RootConstruct } from 'constructs';
import { readStageSettings } from '../../stacks/stage-settings.ts';
import { STAGES } from '../../stacks/stages.ts';

/** Reads settings as the app does, with context as the command line gives it. */
function settingsOf(context: Record<string, string>, stages: typeof STAGES) {
  const app = new RootConstruct();
  for (const [key, value] of Object.entries(context)) app.node.setContext(key, value);
  return readStageSettings(app.node, stages);
}

describe('Settings of a stage', () => {
  const stages = { dev: { shards: 32, alarmEmail: 'on-call@example.com' }, prod: { retentionDays: 90 } };

  test('are those of its own in stages.ts, and defaults', () => {
    expect(settingsOf({}, stages)).toMatchObject({
      stage: 'dev',
      shards: 32,
      retentionDays: 30,
      alarmEmail: 'on-call@example.com',
    });
    expect(settingsOf({ stage: 'prod' }, stages)).toMatchObject({ shards: 16, retentionDays: 90 });
  });

  test('are the defaults if stages.ts does not have the stage', () => {
    expect(settingsOf({ stage: 'constructor' }, stages)).toEqual({
      ...settingsOf({}, {}),
      stage: 'constructor',
    });
  });

  test('from the command line override those of stages.ts', () => {
    expect(settingsOf({ shards: '64' }, stages)).toMatchObject({
      shards: 64,
      alarmEmail: 'on-call@example.com',
    });
  });

  test.each([
    { retentionDays: { info: 7, warning: 30 } },
    { retentionDays: { info: 7, warning: 30, error: 90, fatal: 365 } },
    { retentionDays: { info: 0, warning: 30, error: 90 } },
  ])('have a retention for all severities or none: not %j', (dev) => {
    const wrong = { dev } as unknown as typeof STAGES;
    expect(() => settingsOf({}, wrong)).toThrow(/stacks\/stages\.ts, dev\.retentionDays(\.info)?: /);
    const each = { info: 7, warning: 30, error: 90 };
    expect(settingsOf({}, { dev: { retentionDays: each } }).retentionDays).toEqual(each);
  });

  test('that are wrong are named with the place where they are set', () => {
    const wrong = { dev: { shards: 0, alarmEmail: 'nobody' } };
    expect(() => settingsOf({ retentionDays: 'ever' }, wrong)).toThrow(
      /stacks\/stages\.ts, dev\.shards: .+; -c retentionDays=\.\.\.: .+; stacks\/stages\.ts, dev\.alarmEmail: /,
    );
  });

  test('that do not exist are refused, because a misspelt one would have no effect', () => {
    const misspelt = { dev: { retentionDay: 90 } } as typeof STAGES;
    expect(() => settingsOf({}, misspelt)).toThrow(/stacks\/stages\.ts, dev: .*"retentionDay"/);
  });

  test.each(['Write', 'Read'])('refuse a lower bound of capacity above the upper one (%s)', (kind) => {
    const bounds = { [`min${kind}Units`]: '200', [`max${kind}Units`]: '100' };
    expect(() => settingsOf(bounds, {})).toThrow(`-c min${kind}Units=...: must not be above max${kind}Units`);
  });

  test('take the names of shippers as a list, or as text from the command line', () => {
    const names = ['first-shipper', 'app.example.com_2'];
    expect(settingsOf({}, { dev: { shippers: names } }).shippers).toEqual(names);
    expect(settingsOf({ shippers: names.join() }, {}).shippers).toEqual(names);
    expect(settingsOf({}, {}).shippers).toEqual([]);
  });

  test.each([
    { shippers: ['others'] },
    { shippers: ['twice', 'twice'] },
    { shippers: [''] },
    { shippers: ['with space'] },
    { shippers: ['key=name'] },
    { shippers: ['x'.repeat(65)] },
    { shippers: Array.from({ length: 101 }, (_, at) => `shipper-${at}`) },
  ])('refuse %j', (dev) => {
    expect(() => settingsOf({}, { dev })).toThrow(/stacks\/stages\.ts, dev\.shippers: must be up to 100/);
  });

  test.each(['octo/log-service', 'octocat@123456/my-repo@456789'])('take the repository %s', (repository) => {
    expect(settingsOf({ githubRepository: repository }, {}).githubRepository).toBe(repository);
  });

  test.each([
    'log-service',
    'octo/log-service:*',
    'octocat@123456/my-repo',
    'octocat/my-repo@456789',
    'o@x/n@y',
  ])('refuse the repository %s, because no token of GitHub names one so', (repository) => {
    expect(() => settingsOf({ githubRepository: repository }, {})).toThrow(
      /owner\/name or owner@ID\/name@ID/,
    );
  });

  test('name log groups of CloudWatch Logs, also on the command line', () => {
    const groups = ['/aws/lambda/checkout', '/aws/rds/instance/orders#1/error'];
    expect(settingsOf({}, { dev: { cloudWatchLogs: groups } }).cloudWatchLogs).toEqual(groups);
    expect(settingsOf({ cloudWatchLogs: groups.join() }, {}).cloudWatchLogs).toEqual(groups);
    expect(settingsOf({}, {}).cloudWatchLogs).toEqual([]);
  });

  test.each([
    [['/aws/lambda/*'], '[0]: must be names of log groups'],
    [['a'.repeat(513)], '[0]: must be names of log groups'],
    [['/aws/lambda/checkout', '/aws/lambda/checkout'], ': must not name a log group twice'],
    // They would loop.
    [['/aws/lambda/prod-log-ingest'], ': must not have a log group of the service itself'],
    [['/aws/lambda/prod-log-retrieval'], ': must not have a log group of the service itself'],
    [['/aws/apigateway/prod-log-api/access'], ': must not have a log group of the service itself'],
  ])('refuse the log groups %j', (cloudWatchLogs, message) => {
    expect(() => settingsOf({ stage: 'prod' }, { prod: { cloudWatchLogs } })).toThrow(
      `stacks/stages.ts, prod.cloudWatchLogs${message}`,
    );
    expect(() => settingsOf({ stage: 'prod', cloudWatchLogs: cloudWatchLogs.join() }, {})).toThrow(message);
  });

  test('of every stage in stages.ts are right', () => {
    for (const stage of Object.keys(STAGES)) expect(settingsOf({ stage }, STAGES).stage).toBe(stage);
  });
});
