import { fileURLToPath } from 'node:url';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * Lambda puts credentials into the environment, so the functions never use the SDK's other ways to find them.
 * The SDK loads these packages only on demand. Bundled, they would add 128 KB to each function.
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
 * Modules that dependencies load but the functions do not need, and the file that is bundled instead.
 * - lib-dynamodb: ElectroDB uses it in `go`, which entities/electro.ts keeps from being called. It is CommonJS,
 *   so esbuild cannot remove unused parts: 77 KB, and a fifth of the time to load.
 * - event-streams: no operation of DynamoDB has one.
 * - http: the same module, without the undici that Node loads with an import of it.
 *
 * `stand-ins/cls-hooked` is not in this list. npm installs it in place of the original (package.json, `overrides`),
 * so tests and `npm start` use it too.
 */
const STAND_INS = {
  '@aws-sdk/lib-dynamodb': 'empty.ts',
  '@smithy/core/event-streams': 'empty.ts',
  http: 'http.cts',
  'node:http': 'http.cts',
  jsonschema: 'jsonschema.ts',
  semver: 'semver.ts',
};

/**
 * How a handler is bundled into the one file that Lambda runs. The AWS SDK is bundled too, because the copy in
 * Lambda's runtime consists of many files and takes longer to load.
 */
export const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node24',
  // From ES modules esbuild removes what no handler uses.
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
  // The map names files and lines. The sources are in the repository.
  sourcesContent: false,
  // The X-Ray SDK is CommonJS and calls require, which ES modules do not have.
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
};
