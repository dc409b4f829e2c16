import { tsImport } from 'tsx/esm/api';

/**
 * One DynamoDB engine for all test files, each of which creates tables of its own in it. Plain JavaScript, because
 * jest loads it with nothing that runs TypeScript.
 */
export default async function setUp() {
  process.env.TEST_ENGINE = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? (await startEngine());
}

async function startEngine() {
  const { startEmbeddedEngine } = await tsImport('../../local/engine/embedded-engine.ts', import.meta.url);
  globalThis.engineOfAllTests = await startEmbeddedEngine();
  return globalThis.engineOfAllTests.endpoint;
}
