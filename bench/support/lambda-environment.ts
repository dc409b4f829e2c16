/** What Lambda puts into a function's environment, as far as the functions and their libraries read it. */
const LAMBDA = {
  AWS_LAMBDA_FUNCTION_NAME: 'log-ingest',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  LAMBDA_TASK_ROOT: '/var/task',
  _HANDLER: 'index.handler',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  TABLE_NAME: 'logs',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** The trace header of a request that X-Ray samples, or of one that it does not. */
function traceId(isSampled: boolean): string {
  return `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=${isSampled ? 1 : 0}`;
}

/**
 * The environment of a function.
 * @param trace what X-Ray does with its requests. AWS samples one a second and one in twenty of the others.
 */
export function lambdaEnvironment(trace: 'off' | 'not sampled' | 'sampled'): Record<string, string> {
  const traced = { _X_AMZN_TRACE_ID: traceId(trace === 'sampled') };
  return { ...LAMBDA, ...(trace === 'off' ? { POWERTOOLS_TRACE_ENABLED: 'false' } : traced) };
}
