import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * How a handler becomes the one file Lambda runs. Everything is inside, the AWS SDK too: the runtime's
 * copy loads from many files and starts colder.
 */
export const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node24',
  // Packages' ES modules, where they have them, lose what no handler uses.
  mainFields: ['module', 'main'],
  externalModules: [],
  minify: true,
  sourceMap: true,
  // The map names files and lines; the sources themselves are in the repository.
  sourcesContent: false,
  // The X-Ray SDK is CommonJS and calls require, which an ES module has not.
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
};
