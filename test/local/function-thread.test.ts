import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { FunctionThread } from '../../local/functions/function-thread.ts';

const MODULE = new URL('../support/failing-function.ts', import.meta.url);

let thread: FunctionThread;
let log: ReturnType<typeof jest.spyOn>;
beforeAll(async () => {
  thread = await FunctionThread.start('failing', MODULE);
});
afterAll(() => thread.stop());
beforeEach(() => {
  log = jest.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => log.mockRestore());

describe('A function in a thread', () => {
  test('is called as Lambda calls it, any number of times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => thread.invoke({ outcome: 'answer' })));
    for (const answer of answers) expect(answer).toEqual({ statusCode: 200, body: 'failing' });
  });

  test('passes on what it throws', async () => {
    await expect(thread.invoke({ outcome: 'throw' })).rejects.toThrow('thrown');
  });

  test('is started again when it fails, and answers 503 to all current calls', async () => {
    const waiting = thread.invoke({ outcome: 'wait' });
    const crashing = thread.invoke({ outcome: 'crash' });
    for (const call of [waiting, crashing])
      await expect(call).rejects.toMatchObject({
        status: 503,
        headers: { 'Retry-After': expect.anything() },
      });
    expect(log.mock.calls.join()).toContain('The function failing is started again: Error: crashed');
    expect(await thread.invoke({ outcome: 'answer' })).toMatchObject({ statusCode: 200 });
  });

  test('that cannot be loaded says why', async () => {
    const missing = new URL('no-function.ts', MODULE);
    await expect(FunctionThread.start('missing', missing)).rejects.toThrow('no-function.ts');
  });
});
