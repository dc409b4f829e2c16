import { EventEmitter, once } from 'node:events';
import { type FaultProxy, type ProxiedAnswer, startFaultProxy } from './fault-proxy.ts';

/** What may happen to a request to the API. */
export type ApiFault =
  /** Answered 503, without reaching the service. */
  | 'unavailable'
  /** Stored, but the connection is cut before the answer arrives. */
  | 'reset after it was stored'
  | 'none';

export interface FaultyApi extends FaultProxy {
  /** The status of each answer so far, as the client saw it. */
  answers: (number | 'reset')[];
  /** Waits until so many requests have been answered 200. */
  untilAcknowledged(requests?: number): Promise<void>;
  /** Waits for the next answer, whatever it is. */
  nextAnswer(): Promise<unknown>;
}

const UNAVAILABLE: ProxiedAnswer = {
  status: 503,
  headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '0' },
  body: Buffer.from('{"status":503}'),
};

/**
 * A proxy before the API that lets requests fail as they do in production.
 * @param nextFault called once for each request
 */
export async function startFaultyApi(url: string, nextFault: () => ApiFault): Promise<FaultyApi> {
  const answers: FaultyApi['answers'] = [];
  const events = new EventEmitter();
  const proxy = await startFaultProxy(url, async (_, forward) => {
    const fault = nextFault();
    if (fault === 'unavailable') {
      answers.push(503);
      events.emit('answer');
      return UNAVAILABLE;
    }
    const answer = await forward();
    answers.push(fault === 'none' ? answer.status : 'reset');
    events.emit('answer');
    return fault === 'none' ? answer : 'reset';
  });
  return {
    ...proxy,
    answers,
    untilAcknowledged: async (requests = 1) => {
      while (answers.filter((status) => status === 200).length < requests) await once(events, 'answer');
    },
    nextAnswer: () => once(events, 'answer'),
  };
}

/** What every shipper must survive: two requests are refused, and the third is stored but its answer is lost. */
export const TRYING_TIMES: ApiFault[] = ['unavailable', 'unavailable', 'reset after it was stored'];
