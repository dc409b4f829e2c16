import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TABLE } from '../entities/table.ts';
import { LogFunction } from './log-function.ts';
import { namesOf } from './names.ts';
import type { LogStackProps } from './settings.ts';

/** GET: queries the table and its indexes. */
export class RetrievalStack extends Stack {
  constructor(scope: Construct, id: string, props: LogStackProps) {
    super(scope, id, props);
    new LogFunction(this, 'Retrieval', {
      settings: props.settings,
      functionName: namesOf(props.settings.stage).retrievalFunction,
      description: 'Returns the newest log entries: GET /logs',
      handlerFile: 'retrieve-logs.ts',
      // A person waits: memory buys the CPU that merges shards and compresses a page of up to 6 MB.
      memoryMiB: 1_024,
      reservedConcurrency: props.settings.retrievalConcurrency,
      tableActions: ['dynamodb:Query'],
      tableIndexes: Object.values(TABLE.indexes).map(({ name }) => name),
    });
  }
}
