import { describe, expect, test } from '@jest/globals';
import { sourceOf, traceLink, traceOf } from '../../client/known-attributes.ts';
import { entry } from '../support/entries.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('The source of an entry', () => {
  test.each([
    [
      { host: 'a', service: { name: 'cart' } },
      { name: 'service.name', text: 'cart' },
    ],
    [
      { app: 'shop', service: 'cart' },
      { name: 'service', text: 'cart' },
    ],
    [
      { service: '', app: 'shop' },
      { name: 'app', text: 'shop' },
    ],
    [{ host: 'a' }, undefined],
    [undefined, undefined],
  ])('with the attributes %j is %j', (attributes, source) => {
    expect(sourceOf(entry({ attributes }))).toEqual(source);
  });
});

describe('The trace of an entry', () => {
  test.each(['trace_id', 'traceId', 'trace.id', 'dd.trace_id', 'otelTraceID', 'xray-trace-id'])(
    'is the attribute %s',
    (name) => {
      expect(traceOf(entry({ attributes: { span: 'x', [name]: TRACE } }))).toBe(TRACE);
    },
  );

  test('is found in nested attributes, and in a JSON message', () => {
    expect(traceOf(entry({ attributes: { trace: { id: TRACE } } }))).toBe(TRACE);
    expect(traceOf(entry({ message: `{"msg":"x","ctx":{"traceId":"${TRACE}"}}` }))).toBe(TRACE);
  });

  test('is none where nothing names it, and where it is all zeros', () => {
    expect(traceOf(entry({ message: `{"id":"${TRACE}"}`, attributes: { id: TRACE } }))).toBeUndefined();
    expect(traceOf(entry({ attributes: { trace_id: '0'.repeat(32) } }))).toBeUndefined();
    expect(traceOf(entry({ message: '{no JSON' }))).toBeUndefined();
  });
});

describe('The link to a trace', () => {
  test('has the id in its place, encoded', () => {
    expect(traceLink('https://jaeger/trace/{traceId}?x=1', 'a/b&c')).toBe(
      'https://jaeger/trace/a%2Fb%26c?x=1',
    );
  });

  test.each([
    'javascript:alert("{traceId}")',
    'jaeger/trace/{traceId}',
    'https://jaeger/trace/',
    '',
    'https://{traceId}:x/',
  ])('is none for the template %j', (template) => {
    expect(traceLink(template, TRACE)).toBeUndefined();
  });
});
