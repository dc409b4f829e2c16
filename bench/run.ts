import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { compareRatios, describeMachine, toMarkdown } from './support/report.ts';
import type { Section } from './support/section.ts';
import { measure as capacity } from './workloads/capacity.ts';
import { measure as coldStart } from './workloads/cold-start.ts';
import { measure as ingestCpu } from './workloads/ingest-cpu.ts';
import { measure as ingestHttp } from './workloads/ingest-http.ts';
import { measure as memory } from './workloads/memory.ts';
import { measure as newest } from './workloads/newest.ts';
import { measure as storedBytes } from './workloads/stored-bytes.ts';

const WORKLOADS: Record<string, () => Promise<Section>> = {
  'ingest-cpu': ingestCpu,
  'ingest-http': ingestHttp,
  newest,
  'cold-start': coldStart,
  memory,
  capacity,
  'stored-bytes': storedBytes,
};

const RESULTS = new URL('RESULTS.md', import.meta.url);

// The SDK says in every process that it will ask for a newer Node one day.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in WORKLOADS));
if (unknown.length > 0) {
  console.error(`There is no workload ${unknown.join(', ')}: see ${Object.keys(WORKLOADS).join(', ')}`);
  process.exit(2);
}
await run(asked.length > 0 ? asked : Object.keys(WORKLOADS));

/** Runs workloads one after the other, and prints what they found. All of them together replace RESULTS.md. */
async function run(names: string[]): Promise<void> {
  const sections: Section[] = [];
  for (const name of names) {
    const start = performance.now();
    const section = await WORKLOADS[name]?.();
    if (section) sections.push(section);
    console.error(`${name}: ${((performance.now() - start) / 1_000).toFixed(0)} s`);
  }
  const before = existsSync(RESULTS) ? await readFile(RESULTS, 'utf8') : '';
  const agreement = compareRatios(
    sections.flatMap(({ ratios }) => ratios),
    before,
  );
  const markdown = toMarkdown(describeMachine(), sections, agreement);
  console.log(markdown);
  if (names.length === Object.keys(WORKLOADS).length) await writeFile(RESULTS, markdown);
}
