// The tests of the handlers, over the bundles that are uploaded.
process.env.FUNCTIONS_UNDER_TEST = 'bundles';
await import('../../handlers/ingest/otlp/otlp.test.ts');
