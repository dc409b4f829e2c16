import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENTRIES_LIMIT, WIRE_LIMIT_BYTES } from '../handlers/limits.ts';
import type { Section } from './report.ts';
import { interleave, median } from './statistics.ts';
import { typicalEntry } from './typical-entry.ts';
import { startVariant } from './variant-process.ts';

const ROUNDS = { rounds: 5, warmUp: 0 };

const KIBIBYTES_PER_MIB = 1_024;

/** The memory of the ingest function (stacks/ingest-stack.ts). */
const FUNCTION_MIB = 1_769;

/** The longest NDJSON line of a typical entry. */
const LINE_BYTES = Buffer.byteLength(`${JSON.stringify(typicalEntry({ severity: 'error' }))}\n`);

/** The peak memory of the ingest function for the largest bodies that it accepts. */
export async function measure(): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-memory-'));
  const peakOf = (variant: 'ndjson' | 'gzip', entries: number) => async () => {
    const child = await startVariant(folder, variant);
    const { peakKibibytes } = await child.measure({ entries, perRequest: Math.max(1, entries) });
    child.stop();
    return peakKibibytes / KIBIBYTES_PER_MIB;
  };
  const peaks = await interleave(
    {
      loaded: peakOf('ndjson', 0),
      plain: peakOf('ndjson', Math.floor(WIRE_LIMIT_BYTES / LINE_BYTES)),
      gzip: peakOf('gzip', ENTRIES_LIMIT),
    },
    ROUNDS,
  );
  await rm(folder, { recursive: true });

  const loaded = median(peaks.loaded);
  const row = (request: string, peak: number) => [request, peak.toFixed(0), (peak - loaded).toFixed(0)];
  return {
    title: 'Memory',
    text: `Peak resident memory in MiB of a process that has loaded the ingest function and handles one request. The network is stubbed. The function has ${FUNCTION_MIB.toLocaleString('en')} MiB.`,
    tables: [
      {
        columns: ['request', 'MiB', 'over loaded'],
        rows: [
          row('none, the function is loaded', loaded),
          row('**NDJSON of 4.4 MB, 5.9 MB in base64**', median(peaks.plain)),
          row(
            `gzip that unpacks to ${((ENTRIES_LIMIT * LINE_BYTES) / 1e6).toFixed(1)} MB in ${ENTRIES_LIMIT.toLocaleString('en')} entries`,
            median(peaks.gzip),
          ),
        ],
      },
    ],
    ratios: [{ name: 'Memory, largest plain body / loaded', value: median(peaks.plain) / loaded }],
    goals: [],
  };
}
