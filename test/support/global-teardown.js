import { once } from 'node:events';

export default async function tearDown() {
  const child = globalThis.synthesizerOfAllTests;
  child.disconnect();
  await Promise.all([once(child, 'exit'), globalThis.engineOfAllTests?.close()]);
}
