import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';

/**
 * Starts what all test files share: a DynamoDB engine, in which each creates tables of its own, and a process that
 * synthesizes the app. Plain JavaScript, because jest loads it with nothing that runs TypeScript.
 */
export default async function setUp() {
  const [engine, synthesizer] = await Promise.all([startEngine(), startSynthesizer()]);
  process.env.TEST_ENGINE = engine.endpoint;
  process.env.TEST_ENGINE_KEY = engine.accessKeyId;
  process.env.TEST_SYNTHESIZER = synthesizer;
}

async function startEngine() {
  const given = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  if (given !== undefined) return { endpoint: given, accessKeyId: 'test' };
  const { startEmbeddedEngine } = await tsImport('../../local/engine/embedded-engine.ts', import.meta.url);
  globalThis.engineOfAllTests = await startEmbeddedEngine();
  return globalThis.engineOfAllTests;
}

/** It knows no account and no region. */
async function startSynthesizer() {
  const repository = fileURLToPath(new URL('../../', import.meta.url));
  const child = fork('test/support/synthesizer.ts', {
    cwd: repository,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH },
  });
  globalThis.synthesizerOfAllTests = child;
  const [port] = await once(child, 'message');
  return `http://127.0.0.1:${port}`;
}
