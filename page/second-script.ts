// biome-ignore-all lint/performance/noBarrelFile: the browser loads it as one script

// What a first view does not need. It is one script, so that what it shares with the first one is one script too:
// esbuild would make one for each set of modules that the same scripts share.
export { completionsOf } from '../client/complete-search.ts';
export { completingFields } from './completing-fields.ts';
export { createDeadLetters } from './dead-letters.ts';
export { createDetail } from './entry-detail.ts';
export { createExplorer } from './explorer.ts';
export { createExporter } from './exporter.ts';
export { showHistogramTable } from './histogram-table.ts';
