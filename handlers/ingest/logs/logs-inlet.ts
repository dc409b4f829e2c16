import type { Refusal } from '../../../entities/dead-letter.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import type { Endpoint } from '../../http/lambda-handler.ts';
import { LISTED_REFUSALS_LIMIT } from '../../limits.ts';
import type { RawRecord } from '../check-records.ts';
import { readBody } from '../read-body.ts';
import type { StoreRecords } from '../store-records.ts';
import { toUtf8 } from '../to-utf8.ts';

/**
 * POST /logs and POST /v1/json: stores the entries of a body and responds once DynamoDB has confirmed every accepted
 * one.
 * @param split divides a body into records
 */
export function entriesInlet(
  store: StoreRecords,
  split: (body: Buffer, contentType: string) => Iterable<RawRecord>,
): Endpoint {
  return {
    async respond(request) {
      const contentType = request.headers['content-type'] ?? '';
      const body = toUtf8(readBody(request), contentType);
      const records = split(body, contentType);
      const { accepted, refusals } = await store(records, { bytes: body.length, apiKeyId: request.apiKeyId });
      const verdicts = { accepted, ...listRefusals(refusals) };
      if (accepted === 0 && refusals.length > 0) {
        const which =
          refusals.length === 1
            ? 'The entry is not valid'
            : `None of the ${refusals.length} entries is valid`;
        throw new HttpProblem(400, `${which}: see rejected. GET /dead-letters keeps what was sent`, {
          extension: verdicts,
        });
      }
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
