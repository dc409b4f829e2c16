import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TABLE } from '../entities/table.ts';
import { LogFunction } from './log-function.ts';
import type { LogStackProps } from './stage-settings.ts';

/** The function that serves GET. It queries the table and its indexes. */
export class RetrievalStack extends Stack {
  constructor(scope: Construct, id: string, props: LogStackProps) {
    super(scope, id, props);
    const { settings } = props;
    new LogFunction(this, 'Retrieval', {
      stage: settings.stage,
      handler: 'retrieval',
      purpose: 'Returns log entries, counts and dead letters',
      // CPU grows with memory. Merging shards and compressing a page of up to 6 MB need it while a person waits.
      memoryMiB: 1_024,
      reservedConcurrency: settings.retrievalConcurrency,
      tableActions: ['dynamodb:Query'],
      tableIndexes: Object.values(TABLE.indexes).map(({ name }) => name),
    });
  }
}
