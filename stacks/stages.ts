import type { OwnSettings } from './stage-settings.ts';

/**
 * What each stage sets itself. Everything else has the default of stage-settings.ts. A stage that is not listed has
 * only defaults. Every deployment reads this file, by hand or by workflow, so both deploy the same.
 */
export const STAGES: Record<string, OwnSettings> = {
  dev: {},
};
