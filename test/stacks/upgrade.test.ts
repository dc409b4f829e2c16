import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { type DeployedInterface, deployedInterface } from '../support/deployed-interface.ts';
import { synthesizeApp } from '../support/synthesized-app.ts';

/** The settings of a stage that were deployed, and what its stacks promised then. */
type Deployed = { version: string; settings: Record<string, string> } & DeployedInterface;

/** Every version that changed the interface, the latest last. Only a version that is not deployed yet may change. */
const DEPLOYED: Deployed[] = JSON.parse(
  await readFile(new URL('./deployed-interfaces.json', import.meta.url), 'utf8'),
);

describe.each(DEPLOYED)('Over version $version of the stage $settings.stage', ({ settings, ...deployed }) => {
  test('no resource with a name or a state is replaced or removed', async () => {
    const { resources } = deployedInterface(await synthesizeApp(settings));
    const kept = Object.keys(deployed.resources).map((id) => [id, resources[id]]);
    expect(Object.fromEntries(kept)).toEqual(deployed.resources);
  });

  test('one index at most is added or removed, because DynamoDB refuses an update with more', async () => {
    const { indexes } = deployedInterface(await synthesizeApp(settings));
    const changed = [
      ...indexes.filter((index) => !deployed.indexes.includes(index)),
      ...deployed.indexes.filter((index) => !indexes.includes(index)),
    ];
    expect(changed.slice(1)).toEqual([]);
  });

  test('every output stays', async () => {
    const { outputs } = deployedInterface(await synthesizeApp(settings));
    for (const [stack, names] of Object.entries(deployed.outputs))
      expect(outputs[stack]).toEqual(expect.arrayContaining(names));
  });
});

test.each(['dev', 'prod'])(
  'Every name and state of the stage %s is among the deployed ones',
  async (stage) => {
    const settings = { stage, githubRepository: 'octo/log-service' };
    const now = deployedInterface(await synthesizeApp(settings));
    const latest = DEPLOYED.findLast((deployed) => deployed.settings.stage === stage);
    expect(latest).toMatchObject(now);
  },
);
