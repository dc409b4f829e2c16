import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram } from './programs.ts';
import type { Shipping } from './shipping.ts';

const LUA = 'examples/fluent-bit/to-record.lua';

/** A configuration of the examples that sends to a test's API and keeps its files in the test's folder. */
export function forTest(config: string, { api, folder }: Shipping): string {
  const { hostname, port } = new URL(api.url);
  return config
    .replace(/(?<=host:? +)\S+\.amazonaws\.com/i, hostname)
    .replace(/(?<=port:? +)443/i, port)
    .replace(/(?<=tls:? +)on/i, 'off')
    .replace('/dev/v1/json', '/v1/json')
    .replace(/\S+to-record\.lua/, join(process.cwd(), LUA))
    .replaceAll('/var/lib/fluent-bit', join(folder, 'state'))
    .replaceAll('/var/log/app', folder)
    .replaceAll('/var/log/containers', folder);
}

/** Starts Fluent Bit with a configuration in a test's folder. */
export async function startFluentBit(config: string, file: string, { folder }: Shipping): Promise<void> {
  await mkdir(join(folder, 'state'), { recursive: true });
  await writeFile(join(folder, file), config);
  const environment = { ...process.env, HOSTNAME: 'web-1', LOGS_API_KEY: 'key' };
  startProgram('fluent-bit', ['--quiet', `--config=${file}`], folder, environment);
}
