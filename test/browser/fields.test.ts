import { expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { describePage } from '../support/page-session.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const at = (second: number) => new Date(Date.UTC(2024, 0, 1) + second * 1_000).toISOString();
const orders = Array.from({ length: 40 }, (_, index) =>
  entry({
    datetime: at(index),
    severity: index < 30 ? 'error' : 'info',
    message: index < 30 ? `order ${index} failed: certificate has expired` : `order ${index} shipped`,
    attributes: { service: { name: index % 4 === 0 ? 'cart' : 'auth' }, host: `web-${index % 2}` },
  }),
);
const traced = ['gate', 'cart', 'bank'].map((app, index) =>
  entry({ datetime: at(100 + index), message: `step ${index}`, attributes: { app, traceId: TRACE } }),
);

describePage('What entries share', [...orders, ...traced], (session) => {
  const { open, messages, reloadedBy, requests } = session;
  const alike = () => session.page.locator('#alike');
  const fields = () => session.page.locator('#fields');
  const button = (name: string) => session.page.getByRole('button', { name, exact: true });
  const columns = (index: number) =>
    session.page.locator('.line').nth(index).locator('.column').allTextContents();
  const openFields = async () => {
    await fields().locator('summary').first().click();
    await fields().getByText(/^Of /).waitFor();
  };

  test('is read when it is asked for: what these errors are is one click away, and their lines another', async () => {
    await open('?severity=error');
    const reads = requests();
    expect(await alike().locator('li').count()).toBe(0);
    await alike().locator('summary').click();
    await alike().getByText('Of all 30 entries.').waitFor();
    expect(reads.map((url) => url.searchParams.get('limit'))).toEqual(['1000']);
    const pattern = alike().locator('.pattern');
    expect(await pattern.locator('span').allTextContents()).toEqual([
      '100 %',
      'order * failed: certificate has expired',
      '30 × error, 2024-01-01 00:00:00 – 00:00:29',
    ]);
    await reloadedBy(() => pattern.click());
    expect(await session.count()).toBe(30);
    expect(new URL(session.page.url()).searchParams.getAll('contains')).toEqual([
      'order',
      'failed: certificate has expired',
    ]);
  });

  test('is shown as names with their most frequent values, each of which filters', async () => {
    await open();
    await openFields();
    expect(await fields().locator('li summary .text').allTextContents()).toEqual([
      'host',
      'service.name',
      'app',
      'traceId',
    ]);
    await fields().getByText('service.name').click();
    expect(await fields().locator('ul li').allTextContents()).toEqual(['auth75 %', 'cart25 %']);
    await reloadedBy(() => fields().getByRole('button', { name: 'Show only service.name=cart' }).click());
    expect(await session.count()).toBe(10);
    await fields().getByText('Of all 10 entries.').waitFor();
    await fields().getByText('host', { exact: true }).click();
    await reloadedBy(() => fields().getByRole('button', { name: 'Leave out host=web-0' }).click());
    expect(await session.count()).toBe(0);
  });

  test('is a column: the service of each entry, and the attributes that were chosen, kept in the address', async () => {
    await open();
    expect(await columns(0)).toEqual(['bank']);
    expect(await columns(5)).toEqual(['auth']);
    await openFields();
    await fields().getByText('host', { exact: true }).click();
    await button('Column').click();
    expect(await columns(5)).toEqual(['auth', 'web-1']);
    expect(await columns(0)).toEqual(['bank', '']);
    await session.page.reload();
    await session.page.locator('#progress').waitFor({ state: 'hidden' });
    expect(await columns(5)).toEqual(['auth', 'web-1']);
    await open('?columns=');
    expect(await columns(5)).toEqual([]);
  });

  test('is a trace: one click shows all its entries, the oldest first, and another opens the tracing system', async () => {
    await open('?severity=info&contains=step');
    await session.page.getByText('Tracing system').click();
    const template = session.page.getByLabel('Address of a trace');
    await template.fill('javascript:alert("{traceId}")');
    expect(await template.evaluate((field) => field.matches(':invalid'))).toBe(true);
    await template.fill('https://jaeger.example/trace/{traceId}');
    await session.page.locator('.line').first().click();
    expect(await session.page.getByRole('link', { name: 'Open the trace' }).getAttribute('href')).toBe(
      `https://jaeger.example/trace/${TRACE}`,
    );
    await reloadedBy(() => button('Show this trace').click());
    expect(await messages()).toEqual(['step 0', 'step 1', 'step 2']);
    const hues = session.page
      .locator('.source')
      .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('style')));
    expect(new Set(await hues).size).toBe(3);
    await session.page.keyboard.press('j');
    expect(await session.page.locator('.line:focus .message').textContent()).toBe('step 1');
    await reloadedBy(() => button('Remove oldest first').click());
    expect(await messages()).toEqual(['step 2', 'step 1', 'step 0']);
  });
});
