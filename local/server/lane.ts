import { HttpProblem } from '../../handlers/http/http-problem.ts';

export interface LaneLimits {
  /** Requests that are worked on at once. */
  atOnce: number;
  /** Bytes of the requests that are worked on at once. A larger request is worked on alone. */
  bytesAtOnce: number;
  /** Bytes of the requests that wait for their turn. What is beyond them is refused. */
  bytesWaiting: number;
}

interface Waiting {
  bytes: number;
  start(): void;
}

/** Longer than that no client is sent away. */
const MOST_RETRY_SECONDS = 30;
/** By up to this part a client comes back later than it could, so that clients do not keep in step. */
const JITTER = 0.5;
/** Until a request has been worked on, one is taken to last so long. */
const FIRST_MEAN_MS = 1_000;
/** Weight of the newest request in the mean time that one takes. */
const NEWEST_WEIGHT = 0.3;

/**
 * Lets requests through, a few at once and the others in their order. Whoever is let in is worked on with as little
 * beside it that it finishes in its time. Whoever would wait too long is told at once when to come back.
 */
export class Lane {
  private readonly limits: LaneLimits;
  private readonly queue: Waiting[] = [];
  private underWay = 0;
  private bytesUnderWay = 0;
  private bytesWaiting = 0;
  private meanMs = FIRST_MEAN_MS;
  /** When those that were refused are to come back. */
  private comingBack: number[] = [];

  constructor(limits: LaneLimits) {
    this.limits = limits;
  }

  /** Works on a request of so many bytes when its turn comes. @throws HttpProblem 503 when too much waits already */
  async pass<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    this.requireRoom(bytes);
    const weight = this.weigh(bytes);
    if (this.queue.length > 0 || !this.fits(weight)) await this.turn(weight);
    else this.begin(weight);
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.meanMs += NEWEST_WEIGHT * (performance.now() - start - this.meanMs);
      this.end(weight);
    }
  }

  /** @throws HttpProblem 503 when a request of so many bytes would have to wait, and too much waits already */
  requireRoom(bytes: number): void {
    if (this.queue.length === 0 && this.fits(bytes)) return;
    if (this.bytesWaiting + this.weigh(bytes) <= this.limits.bytesWaiting) return;
    throw this.refusal();
  }

  refusal(): HttpProblem {
    return new HttpProblem(503, 'The server is busy with other requests: send this one again later', {
      headers: { 'Retry-After': String(this.retryAfterSeconds()) },
    });
  }

  /** A place becomes free whenever a request is done. Those that were refused before are to find theirs first. */
  private retryAfterSeconds(): number {
    const now = performance.now();
    this.comingBack = this.comingBack.filter((due) => due > now);
    const turn = (this.meanMs / 1_000 / this.limits.atOnce) * (this.comingBack.length + 1);
    const seconds = Math.ceil(Math.min(turn, MOST_RETRY_SECONDS) * (1 + JITTER * Math.random()));
    this.comingBack.push(now + seconds * 1_000);
    return seconds;
  }

  /** A request that takes all there is counts no more, so that it has its turn as well. */
  private weigh(bytes: number): number {
    return Math.min(bytes, this.limits.bytesAtOnce);
  }

  private fits(bytes: number): boolean {
    const { atOnce, bytesAtOnce } = this.limits;
    return this.underWay < atOnce && this.bytesUnderWay + this.weigh(bytes) <= bytesAtOnce;
  }

  private turn(bytes: number): Promise<void> {
    this.bytesWaiting += bytes;
    return new Promise((start) => this.queue.push({ bytes, start }));
  }

  private begin(bytes: number): void {
    this.underWay++;
    this.bytesUnderWay += bytes;
  }

  private end(bytes: number): void {
    this.underWay--;
    this.bytesUnderWay -= bytes;
    for (let next = this.queue[0]; next && this.fits(next.bytes); next = this.queue[0]) {
      this.queue.shift();
      this.bytesWaiting -= next.bytes;
      this.begin(next.bytes);
      next.start();
    }
  }
}
