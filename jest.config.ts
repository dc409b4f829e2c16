/** @jest-config-loader esbuild-register */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Config } from 'jest';

// Otherwise every test file says that the SDK will ask for a newer Node one day.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Of each slow tier, one file that runs with the fast ones. */
const SAMPLES = ['browser/page', 'shippers/guide', 'stacks/api-stack'];
/** Tests that read what was written. They run again with packed entries, which readers must not notice. */
const PACKED = [
  'handlers/ingest-and-retrieve',
  'handlers/paging',
  'handlers/counts',
  'handlers/dead-letters',
  'handlers/attributes',
  'handlers/retrieval/next-page',
];
/** Tests of the handlers that run again over the bundles that are uploaded: before each change, and in the soak. */
const BUNDLED = ['handlers/ingest-and-retrieve', 'handlers/ingest/otlp/otlp', 'handlers/subscriptions'];
const BUNDLED_IN_SOAK = ['handlers/dead-letters', 'handlers/ingest/body-forms'];

/** The folders of tests that take long. All others are core. */
const SLOW = ['browser', 'stacks', 'processes', 'shippers', 'soak'];

const PROJECTS: Record<string, () => Config> = {
  core: () => ({
    testMatch: [
      '<rootDir>/test/**/*.test.ts',
      ...SLOW.map((name) => `!**/test/${name}/**`),
      ...files(SAMPLES),
    ],
  }),
  browser: () => slow('browser'),
  aws: () => slow('stacks'),
  processes: () => slow('processes'),
  shippers: () => slow('shippers'),
  soak: () => slow('soak'),
  packed: () => ({ testMatch: files(PACKED), setupFiles: ['<rootDir>/test/support/packed.ts'] }),
  bundles: () => ({ testMatch: files(BUNDLED), setupFiles: ['<rootDir>/test/support/over-bundles.ts'] }),
  'bundles in full': () => ({
    testMatch: files([...BUNDLED, ...BUNDLED_IN_SOAK]),
    setupFiles: ['<rootDir>/test/support/over-bundles.ts'],
  }),
  properties: () => ({
    testMatch: filesWithProperties(),
    setupFiles: ['<rootDir>/test/support/more-runs.ts'],
  }),
};

const TIERS: Record<string, string[]> = {
  core: ['core'],
  all: ['core', 'browser', 'aws', 'processes', 'shippers', 'packed', 'bundles'],
  soak: ['soak', 'bundles in full', 'properties'],
  /** For files that are named on the command line, whatever their tier. */
  named: ['core', 'browser', 'aws', 'processes', 'shippers', 'soak'],
};

const areFilesNamed = process.argv.slice(2).some((argument) => /^(\.\/)?test\//.test(argument));
const tier = process.env.TIER ?? (areFilesNamed ? 'named' : 'core');

const config: Config = {
  projects: (TIERS[tier] ?? []).map((name) => ({
    displayName: name,
    testEnvironment: 'node',
    roots: ['<rootDir>/test'],
    extensionsToTreatAsEsm: ['.ts'],
    transform: {
      '^.+\\.ts$': [
        '@swc/jest',
        { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
      ],
    },
    globalSetup: '<rootDir>/test/support/global-setup.js',
    globalTeardown: '<rootDir>/test/support/global-teardown.js',
    ...PROJECTS[name]?.(),
  })),
  // Tests wait for events. This bound only ends one that hangs, also on a machine that is busy with other things.
  testTimeout: tier === 'core' || tier === 'all' ? 120_000 : 1_200_000,
  // Left to itself jest keeps a core for itself, and with it half of a machine of two.
  maxWorkers: 2,
  // What a test file has loaded is never freed in its worker.
  workerIdleMemoryLimit: '600MB',
  // Under load a worker that has nothing left to do takes longer to end than the half second that jest allows.
  workerGracefulExitTimeout: 10_000,
};

export default config;

function folder(name: string): string {
  return `<rootDir>/test/${name}/**/*.test.ts`;
}

function files(names: string[]): string[] {
  const missing = names.filter((name) => !existsSync(new URL(`./test/${name}.test.ts`, import.meta.url)));
  if (missing.length > 0) throw new Error(`jest.config.ts names tests that do not exist: ${missing}`);
  return names.map((name) => `<rootDir>/test/${name}.test.ts`);
}

/** A folder but its sample. */
function slow(name: string): Config {
  return { testMatch: [folder(name), ...SAMPLES.map((sample) => `!**/test/${sample}.test.ts`)] };
}

function filesWithProperties(): string[] {
  const root = new URL('./test/', import.meta.url);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !path.startsWith('soak'))
    .filter((path) => readFileSync(new URL(path, root), 'utf8').includes('fc.assert('))
    .map((path) => `<rootDir>/test/${path}`);
}
