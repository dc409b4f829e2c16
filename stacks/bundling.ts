import { fileURLToPath } from 'node:url';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * Ways to find credentials that Lambda, which puts them into the environment, never goes: the SDK imports
 * each only when it comes to it. They would be 128 KB of every function.
 */
const UNUSED_CREDENTIAL_PROVIDERS = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/**
 * What a dependency requires and the functions never run, with the file that is bundled in its place. ElectroDB
 * requires lib-dynamodb, and what is required as CommonJS esbuild keeps whole: the AWS SDK with it, 77 KB and a
 * fifth of the time to load.
 */
const STAND_INS = {
  semver: 'semver.ts',
  '@aws-sdk/lib-dynamodb': 'lib-dynamodb.ts',
  'cls-hooked/context': 'cls-hooked.ts',
  jsonschema: 'jsonschema.ts',
  '@smithy/core/event-streams': 'event-streams.ts',
};

/**
 * How a handler becomes the one file that Lambda runs. The rest of the AWS SDK is inside: the runtime's own
 * copy is many files and starts colder.
 */
export const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node24',
  // Packages' ES modules, where they have them, leave out what no handler uses.
  mainFields: ['module', 'main'],
  externalModules: UNUSED_CREDENTIAL_PROVIDERS,
  esbuildArgs: Object.fromEntries(
    Object.entries(STAND_INS).map(([name, file]) => [
      `--alias:${name}`,
      fileURLToPath(new URL(`stand-ins/${file}`, import.meta.url)),
    ]),
  ),
  minify: true,
  sourceMap: true,
  // The map names files and lines; the sources themselves are in the repository.
  sourcesContent: false,
  // The X-Ray SDK is CommonJS and calls require, which an ES module has not.
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
};
