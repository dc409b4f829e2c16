import type { LambdaHandler } from '../../handlers/http/lambda-handler.ts';
import { type BundledFunction, startBundledFunction } from './bundled-function.ts';
import { synthesizeApp } from './synthesized-app.ts';

export interface BundledHandlers {
  ingest: LambdaHandler;
  retrieval: LambdaHandler;
  stop(): Promise<void>;
}

/** The handlers as they are uploaded, each in a process of its own, with these variables over those of the template. */
export async function startBundledHandlers(environment: Record<string, string>): Promise<BundledHandlers> {
  const app = await synthesizeApp({}, { bundle: true });
  const [ingest, retrieval] = await Promise.all([
    startBundledFunction(app, 'dev-log-ingest', environment),
    startBundledFunction(app, 'dev-log-retrieval', environment),
  ]);
  return {
    ingest: oneAtATime(ingest),
    retrieval: oneAtATime(retrieval),
    async stop() {
      await Promise.all([ingest.stop(), retrieval.stop()]);
    },
  };
}

/** As Lambda does, which never gives an environment a second request before it has answered the first. */
function oneAtATime(bundled: BundledFunction): LambdaHandler {
  let last: Promise<unknown> = Promise.resolve();
  return (event) => {
    const result = last.then(() => bundled.invoke(event as object));
    last = result.catch(() => {});
    return result;
  };
}
