import type { Reason, ServiceError } from '../client/service-error.ts';

const ADVICE: Record<Exclude<Reason, 'refused'>, string> = {
  unreachable:
    'Name the deployment with --url or LOGS_URL; `npm start` runs the service on this machine, at http://127.0.0.1:3000.',
  'no-credentials': 'Log in (`aws sso login`), or name a profile with AWS_PROFILE.',
  'not-a-log-service': 'Check that --url names a log service, with its stage, such as …/dev.',
  'foreign-link':
    'It was not followed, because your credentials would be sent there. If you trust that address, name it with --url.',
};

/** What the user of the command can do about an error, in a sentence or two. */
export function adviceFor({ reason, problem }: ServiceError): string {
  return reason === 'refused' ? adviceForStatus(problem?.status ?? 0) : ADVICE[reason];
}

function adviceForStatus(status: number): string {
  if (status < 400) return 'The service has moved: name its new address with --url.';
  if (status === 401 || status === 403)
    return 'Check your AWS identity (`aws sts get-caller-identity`), that it may call execute-api:Invoke here, and that --url names the stage. A domain of your own needs --sign.';
  if (status === 404)
    return 'Check the id, and that --url names the deployment with its stage, such as …/dev.';
  if (status === 429) return 'The service receives too many requests at the moment: try again in a minute.';
  if (status < 500) return 'Correct the option that the message names; `logs --help` shows them all.';
  return 'Try again; if the error persists, look at the service’s dashboard.';
}
