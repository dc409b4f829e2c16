import type { OwnSettings } from './stage-settings.ts';

/**
 * What each stage sets itself. Everything else has the default of stage-settings.ts, also for a stage that is not
 * here. Every deployment reads this file, by hand and by workflow, so both deploy the same.
 */
export const STAGES: Record<string, OwnSettings> = {
  dev: {},
};
