import { HttpProblem } from '../../handlers/http/http-problem.ts';

export interface QueueLimits {
  /** Requests that run at once. */
  atOnce: number;
  /** Bytes of the requests that run at once. A larger request runs alone. */
  bytesAtOnce: number;
  /** Bytes of the requests that wait. More are refused. */
  bytesWaiting: number;
}

interface Waiting {
  bytes: number;
  start(): void;
}

/** The longest Retry-After, before jitter. */
const LONGEST_RETRY_SECONDS = 30;
/** A client is told to wait longer by a random share of up to this, so that clients do not return all at once. */
const JITTER = 0.5;
/** The assumed duration of a request until one has finished. */
const FIRST_MEAN_MS = 1_000;
/** Weight of the newest request in the mean duration. */
const NEWEST_WEIGHT = 0.3;

/**
 * Runs a few requests at once and the others in the order in which they came. A request that would wait too long is
 * refused immediately with a Retry-After, so that those that are accepted finish in time.
 */
export class RequestQueue {
  private readonly limits: QueueLimits;
  private readonly waiting: Waiting[] = [];
  private running = 0;
  private bytesRunning = 0;
  private bytesWaiting = 0;
  private meanMs = FIRST_MEAN_MS;
  /** When the clients that were refused have been told to return. */
  private returns: number[] = [];

  constructor(limits: QueueLimits) {
    this.limits = limits;
  }

  /** Runs the work for a request of so many bytes when its turn comes. @throws HttpProblem 503 when the queue is full */
  async run<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    this.requireRoom(bytes);
    const counted = this.countedBytes(bytes);
    if (this.waiting.length > 0 || !this.fits(counted)) await this.waitForTurn(counted);
    else this.begin(counted);
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.meanMs += NEWEST_WEIGHT * (performance.now() - start - this.meanMs);
      this.end(counted);
    }
  }

  /** @throws HttpProblem 503 when a request of so many bytes would have to wait and the queue is full */
  requireRoom(bytes: number): void {
    if (this.waiting.length === 0 && this.fits(bytes)) return;
    if (this.bytesWaiting + this.countedBytes(bytes) <= this.limits.bytesWaiting) return;
    throw this.refusal();
  }

  refusal(): HttpProblem {
    return new HttpProblem(503, 'The server is busy with other requests: send this one again later', {
      headers: { 'Retry-After': String(this.retryAfterSeconds()) },
    });
  }

  /** Each finished request makes room for one. Clients that were refused before return first. */
  private retryAfterSeconds(): number {
    const now = performance.now();
    this.returns = this.returns.filter((due) => due > now);
    const turn = (this.meanMs / 1_000 / this.limits.atOnce) * (this.returns.length + 1);
    const seconds = Math.ceil(Math.min(turn, LONGEST_RETRY_SECONDS) * (1 + JITTER * Math.random()));
    this.returns.push(now + seconds * 1_000);
    return seconds;
  }

  /** A request larger than the limit counts as the limit. Otherwise it would never fit. */
  private countedBytes(bytes: number): number {
    return Math.min(bytes, this.limits.bytesAtOnce);
  }

  private fits(bytes: number): boolean {
    const { atOnce, bytesAtOnce } = this.limits;
    return this.running < atOnce && this.bytesRunning + this.countedBytes(bytes) <= bytesAtOnce;
  }

  private waitForTurn(bytes: number): Promise<void> {
    this.bytesWaiting += bytes;
    return new Promise((start) => this.waiting.push({ bytes, start }));
  }

  private begin(bytes: number): void {
    this.running++;
    this.bytesRunning += bytes;
  }

  private end(bytes: number): void {
    this.running--;
    this.bytesRunning -= bytes;
    for (let next = this.waiting[0]; next && this.fits(next.bytes); next = this.waiting[0]) {
      this.waiting.shift();
      this.bytesWaiting -= next.bytes;
      this.begin(next.bytes);
      next.start();
    }
  }
}
