/**
 * Physical names within one account and region. Stacks find each other's resources by these names. CloudFormation
 * exports would let one stack block a change of another, but each function must be deployable alone.
 */
export function namesOf(stage: string) {
  const prefix = `${stage}-log`;
  return {
    table: `${stage}-logs`,
    encryptionKeyAlias: `alias/${stage}-logs`,
    ingestFunction: `${prefix}-ingest`,
    retrievalFunction: `${prefix}-retrieval`,
    api: `${prefix}-api`,
    readerPolicy: `${prefix}-reader`,
    usagePlan: `${prefix}-shippers`,
    /** Before the name of a shipper, in the name of its API key. */
    apiKeyPrefix: `${prefix}-`,
    unstoredQueue: `${prefix}-unstored`,
    alarmTopic: `${prefix}-alarms`,
    dashboard: `${prefix}-service`,
    deployRole: `${prefix}-deploy`,
  };
}

export type Names = ReturnType<typeof namesOf>;

export function functionLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

export function accessLogGroup(apiName: string): string {
  return `/aws/apigateway/${apiName}/access`;
}

/** The log groups into which the service itself writes. */
export function ownLogGroups({ ingestFunction, retrievalFunction, api }: Names): string[] {
  return [functionLogGroup(ingestFunction), functionLogGroup(retrievalFunction), accessLogGroup(api)];
}
