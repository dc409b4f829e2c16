import type { APIGatewayProxyResult, Context } from 'aws-lambda';

/** A function that answers its own name, throws, or fails beyond what can be caught, as the event says. */
export async function handler(
  { outcome }: { outcome: 'answer' | 'throw' | 'crash' | 'wait' },
  { functionName }: Context,
): Promise<APIGatewayProxyResult> {
  if (outcome === 'throw') throw new Error('thrown');
  if (outcome === 'crash')
    setImmediate(() => {
      throw new Error('crashed');
    });
  if (outcome !== 'answer') await new Promise(() => {});
  return { statusCode: 200, body: functionName };
}
