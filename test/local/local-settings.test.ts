import { describe, expect, test } from '@jest/globals';
import { readLocalSettings } from '../../local/local-settings.ts';

describe('The settings of the local server', () => {
  test('all have defaults', () => {
    const defaults = {
      host: '127.0.0.1',
      port: 3000,
      dataDirectory: '.data',
      allowedHosts: ['127.0.0.1'],
      endpoint: undefined,
    };
    expect(readLocalSettings({})).toEqual(defaults);
  });

  test('allow the given host names, and the one that the server is bound to', () => {
    const { allowedHosts } = readLocalSettings({ HOST: 'Logs.local', ALLOWED_HOSTS: 'host.docker.internal' });
    expect(allowedHosts).toEqual(['host.docker.internal', 'logs.local']);
  });

  test.each([
    [{ PORT: 'http' }, 'PORT must be a port number'],
    [{ PORT: '65536' }, 'PORT must be a port number'],
    [{ HOST: '' }, 'HOST must not be empty'],
    [{ ALLOWED_HOSTS: 'http://logs' }, 'ALLOWED_HOSTS must be names of hosts'],
    [{ DATA_DIR: '' }, 'DATA_DIR must not be empty'],
    [{ AWS_ENDPOINT_URL_DYNAMODB: 'somewhere' }, 'AWS_ENDPOINT_URL_DYNAMODB must be a URL'],
  ])('%j are refused at start: %s', (environment, message) => {
    expect(() => readLocalSettings(environment)).toThrow(message);
  });
});
