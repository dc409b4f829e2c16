import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SEVERITIES } from '../entities/entry.ts';
import { LogFunction } from './log-function.ts';
import { namesOf, ownLogGroups } from './names.ts';
import type { LogStackProps, StageSettings } from './stage-settings.ts';
import { subscribe } from './subscriptions.ts';
import { watchesVariable } from './watches.ts';

/**
 * The function that serves POST and takes the lines of log groups. It writes entries, the catalogue of their days and
 * dead letters.
 */
export class IngestStack extends Stack {
  constructor(scope: Construct, id: string, props: LogStackProps) {
    super(scope, id, props);
    const { settings } = props;
    const names = namesOf(settings.stage);
    const { lambda } = new LogFunction(this, 'Ingest', {
      stage: settings.stage,
      handler: 'ingest',
      purpose: 'Stores log entries',
      environment: {
        SHARDS: String(settings.shards),
        RETENTION_DAYS: retentionText(settings.retentionDays),
        PACKING: settings.packing,
        OWN_LOG_GROUPS: ownLogGroups(names).join(),
        ...watchesVariable(settings.watches),
        ...(settings.corsOrigin !== undefined && { CORS_ORIGIN: settings.corsOrigin }),
      },
      // One full vCPU (AWS: at 1,769 MB), because a request of 40,000 entries takes seconds of CPU.
      memoryMiB: 1_769,
      reservedConcurrency: settings.ingestConcurrency,
      tableActions: ['dynamodb:BatchWriteItem'],
      tableIndexes: [],
    });
    if (settings.cloudWatchLogs.length > 0) subscribe(lambda, settings.cloudWatchLogs, names);
  }
}

/** As the function reads it from its environment. */
function retentionText(retention: StageSettings['retentionDays']): string {
  if (typeof retention !== 'object') return String(retention);
  return SEVERITIES.map((severity) => `${severity}=${retention[severity]}`).join();
}
