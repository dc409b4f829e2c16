import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { measure as coldStart } from './cold-start.ts';
import { measure as idSearch } from './id-search.ts';
import { measure as ingestCpu } from './ingest-cpu.ts';
import { measure as ingestHttp } from './ingest-http.ts';
import { measure as memory } from './memory.ts';
import { measure as newest } from './newest.ts';
import { measure as packing } from './packing.ts';
import { measure as page } from './page.ts';
import { type Section, toMarkdown } from './report.ts';
import { measure as spread } from './spread.ts';
import { measure as storedBytes } from './stored-bytes.ts';

const WORKLOADS: Record<string, () => Promise<Section>> = {
  'ingest-cpu': ingestCpu,
  'ingest-http': ingestHttp,
  spread,
  newest,
  packing,
  'id-search': idSearch,
  'cold-start': coldStart,
  memory,
  page,
  'stored-bytes': storedBytes,
};

const RESULTS = new URL('RESULTS.md', import.meta.url);

// Without this, every process prints that the SDK will need a newer Node.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in WORKLOADS));
if (unknown.length > 0) {
  console.error(`There is no workload ${unknown.join(', ')}: see ${Object.keys(WORKLOADS).join(', ')}`);
  process.exit(2);
}
await run(asked.length > 0 ? asked : Object.keys(WORKLOADS));

/** Runs workloads one after the other and prints their results. Only a run of all of them replaces RESULTS.md. */
async function run(names: string[]): Promise<void> {
  const sections: Section[] = [];
  for (const name of names) {
    const start = performance.now();
    const section = await WORKLOADS[name]?.();
    if (section) sections.push(section);
    console.error(`${name}: ${((performance.now() - start) / 1_000).toFixed(0)} s`);
  }
  const earlierPage = existsSync(RESULTS) ? await readFile(RESULTS, 'utf8') : '';
  const markdown = toMarkdown(sections, earlierPage);
  console.log(markdown);
  if (asked.length === 0) await writeFile(RESULTS, markdown);
}
