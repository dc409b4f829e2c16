import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LogFunction } from './log-function.ts';
import { namesOf } from './names.ts';
import type { LogStackProps } from './settings.ts';

/** POST: stores entries, the catalogue of their days and what was refused, all by BatchWriteItem. */
export class IngestStack extends Stack {
  constructor(scope: Construct, id: string, props: LogStackProps) {
    super(scope, id, props);
    new LogFunction(this, 'Ingest', {
      settings: props.settings,
      functionName: namesOf(props.settings.stage).ingestFunction,
      description: 'Stores log entries: POST /logs',
      handlerFile: 'ingest-logs.ts',
      // One whole vCPU (AWS: 1,769 MB): a request of 20,000 entries is seconds of CPU.
      memoryMiB: 1_769,
      reservedConcurrency: props.settings.ingestConcurrency,
      tableActions: ['dynamodb:BatchWriteItem'],
      tableIndexes: [],
    });
  }
}
