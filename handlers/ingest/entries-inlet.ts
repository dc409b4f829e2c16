import type { Refusal } from '../../entities/dead-letter.ts';
import { HttpProblem } from '../http/http-problem.ts';
import type { Endpoint } from '../http/lambda-handler.ts';
import { LISTED_REFUSALS_LIMIT } from '../limits.ts';
import { readBody } from './read-body.ts';
import { splitRecords } from './split-records.ts';
import type { StoreRecords } from './store-records.ts';

/** POST /logs: stores the entries of a body and responds once DynamoDB has confirmed every accepted one. */
export function entriesInlet(store: StoreRecords): Endpoint {
  return {
    async respond(request) {
      const body = readBody(request);
      const records = splitRecords(body, request.headers['content-type'] ?? '');
      const { accepted, refusals } = await store(records, {
        bytes: body.length,
        whenNoneIsAccepted: 'tell',
      });
      const verdicts = { accepted, ...listRefusals(refusals) };
      if (accepted === 0)
        throw new HttpProblem(400, `None of the ${refusals.length} entries is valid: see rejected`, {
          extension: verdicts,
        });
      return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(verdicts) };
    },
  };
}

/** The refusals in the response: the first LISTED_REFUSALS_LIMIT of them, and how many more there are. */
function listRefusals(refusals: Refusal[]): { rejected: Omit<Refusal, 'raw'>[]; rejectedOmitted?: number } {
  const rejected = refusals
    .slice(0, LISTED_REFUSALS_LIMIT)
    .map(({ index, id, errors }) => ({ index, id, errors }));
  const omitted = refusals.length - rejected.length;
  return omitted > 0 ? { rejected, rejectedOmitted: omitted } : { rejected };
}
