import { expect, test } from '@jest/globals';
import { fileNameOf } from '../../page/file-name.ts';
import { EVERYTHING } from '../../page/view-state.ts';

const to = '2026-03-01T03:15:00.123Z';

test('A file is named for what was searched for and for the time', () => {
  expect(fileNameOf({ ...EVERYTHING, to })).toBe('logs-to-20260301T031500Z');
  const state = {
    ...EVERYTHING,
    severity: ['error'],
    contains: ['disk full'],
    where: [{ name: 'service.name', text: 'checkout' }],
    excludes: ['debug'],
    from: '2026-03-01T03:00:00+01:00',
    to,
  };
  expect(fileNameOf(state)).toBe(
    'logs-error-disk-full-not-debug-checkout-20260301T030000-0100-to-20260301T031500Z',
  );
  expect(fileNameOf({ ...EVERYTHING, at: to, id: 'a/b' })).toBe('logs-around-a-b');
  expect(fileNameOf({ ...EVERYTHING, view: 'dead-letters' })).toBe('dead-letters');
});

test('A file name is short, and no text of a search leads out of the folder or hides the file', () => {
  expect(fileNameOf({ ...EVERYTHING, contains: ['../../etc', 'ünï', '\u202e:*?"<>|'] })).toBe(
    'logs-..-..-etc-ünï',
  );
  const long = fileNameOf({ ...EVERYTHING, contains: ['x'.repeat(500)], to });
  expect(long).toMatch(/^logs-x+-to-20260301T031500Z$/);
  expect(long.length).toBeLessThanOrEqual(120);
});
