import { describe, expect, test } from '@jest/globals';
import { readSettings, SettingsError } from '../../handlers/settings.ts';

describe('The settings of the functions', () => {
  test('have defaults for all but the table', () => {
    const defaults = { table: 'logs', shards: 16, retentionDays: 30, packing: 'off', ownLogGroups: [] };
    expect(readSettings({ TABLE_NAME: 'logs' })).toEqual(defaults);
  });

  test.each([
    ['1', '1', 'off', 1, 1],
    ['256', '3650', 'info', 256, 3650],
  ])(
    'are read from the environment: SHARDS=%s, RETENTION_DAYS=%s, PACKING=%s',
    (SHARDS, RETENTION_DAYS, PACKING, shards, days) => {
      const environment = { TABLE_NAME: 'logs', SHARDS, RETENTION_DAYS, PACKING };
      expect(readSettings(environment)).toEqual({
        table: 'logs',
        shards,
        retentionDays: days,
        packing: PACKING,
        ownLogGroups: [],
      });
    },
  );

  test.each([
    [{}, 'TABLE_NAME must be set'],
    [{ TABLE_NAME: '' }, 'TABLE_NAME must not be empty'],
    [{ TABLE_NAME: 'logs', SHARDS: '0' }, 'SHARDS must be a whole number from 1 to 256'],
    [{ TABLE_NAME: 'logs', SHARDS: '257' }, 'SHARDS must be a whole number from 1 to 256'],
    [{ TABLE_NAME: 'logs', SHARDS: '2.5' }, 'SHARDS must be a whole number from 1 to 256'],
    [{ TABLE_NAME: 'logs', SHARDS: '' }, 'SHARDS must be a whole number from 1 to 256'],
    [{ TABLE_NAME: 'logs', RETENTION_DAYS: '0' }, 'RETENTION_DAYS must be a whole number from 1 to 3650'],
    [
      { TABLE_NAME: 'logs', RETENTION_DAYS: 'info=7,error=90' },
      'RETENTION_DAYS must be a whole number from 1 to 3650, or one for each severity',
    ],
    [{ TABLE_NAME: 'logs', RETENTION_DAYS: 'info=7,warning=0,error=90' }, 'RETENTION_DAYS.warning must be'],
    [{ TABLE_NAME: 'logs', RETENTION_DAYS: 'info=7,warning=30,error=90,fatal=9' }, '"fatal"'],
    [{ TABLE_NAME: 'logs', CORS_ORIGIN: '*' }, 'CORS_ORIGIN must be an origin'],
    [{ TABLE_NAME: 'logs', CORS_ORIGIN: 'https://app.example.com/' }, 'CORS_ORIGIN must be an origin'],
    [{ TABLE_NAME: 'logs', RETENTION_DAYS: '30d' }, 'RETENTION_DAYS must be a whole number from 1 to 3650'],
    [{ TABLE_NAME: 'logs', PACKING: 'errors' }, 'PACKING must be one of off, info, all'],
  ])('%j are refused at start: %s', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(SettingsError);
    expect(() => readSettings(environment)).toThrow(message);
  });

  test('have a retention for each severity, in any order', () => {
    const environment = { TABLE_NAME: 'logs', RETENTION_DAYS: 'error=90,info=7,warning=30' };
    expect(readSettings(environment).retentionDays).toEqual({ info: 7, warning: 30, error: 90 });
  });

  test('name the log groups of the service, also the one that Lambda gives the function', () => {
    const OWN_LOG_GROUPS = '/aws/lambda/dev-log-ingest,/aws/apigateway/dev-log-api/access';
    const environment = { TABLE_NAME: 'logs', OWN_LOG_GROUPS, AWS_LAMBDA_LOG_GROUP_NAME: 'ours' };
    expect(readSettings(environment).ownLogGroups).toEqual([...OWN_LOG_GROUPS.split(','), 'ours']);
  });

  test('are refused all at once', () => {
    const read = () => readSettings({ SHARDS: 'many', RETENTION_DAYS: 'few' });
    for (const name of ['TABLE_NAME', 'SHARDS', 'RETENTION_DAYS']) expect(read).toThrow(name);
  });
});
