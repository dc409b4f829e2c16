import type { Writable } from 'node:stream';
import { RequestQueue } from './request-queue.ts';
import { unpackedLength } from './unpacked-length.ts';

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** Most shippers send less than this at once. Their requests do not wait for bulk loads. */
const SMALL_BYTES = 64 * KIB;

/** Bytes that the server keeps of bodies that have not arrived completely. */
const ARRIVING_BYTES = 64 * MIB;

/** The part of them that only small bodies may use, so that large ones cannot keep them out. */
const ARRIVING_SMALL_BYTES = 8 * MIB;

/** Bytes that the server keeps of answers that clients have not read yet. */
const UNREAD_BYTES = 64 * MIB;

/** Bytes of large requests that run at once. A larger request runs alone. */
const LARGE_BYTES = 4 * MIB;

type Answer = Pick<Writable, 'once' | 'destroy'>;

/**
 * Decides which requests run now, which wait, and which are refused until later. Two large requests keep the embedded
 * engine busy; more at once would only make each slower.
 */
export class Admission {
  private readonly large = new RequestQueue({ atOnce: 2, bytesAtOnce: LARGE_BYTES, bytesWaiting: 16 * MIB });
  private readonly small = new RequestQueue({ atOnce: 4, bytesAtOnce: MIB, bytesWaiting: 4 * MIB });
  private readonly reads = new RequestQueue({ atOnce: 32, bytesAtOnce: 0, bytesWaiting: 0 });
  private arriving = 0;
  /** Answers that clients are reading, the oldest first, and their bytes. */
  private readonly unread = new Map<Answer, number>();
  private unreadBytes = 0;

  /** Runs a read when its turn comes. Reads wait and are never refused. */
  read<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.reads.run(0, work);
  }

  /** Stores a body when its turn comes. @throws HttpProblem 503 when it would wait too long */
  async write<Result>(body: Buffer, encoding: string, work: () => Promise<Result>): Promise<Result> {
    const bytes = await this.measure(body, encoding);
    return this.queueFor(bytes).run(bytes, work);
  }

  /** Refuses a body of a declared length before it is read. @throws HttpProblem 503 */
  requireRoom(bytes: number): void {
    this.queueFor(bytes).requireRoom(bytes);
  }

  /**
   * Reserves memory for bytes of a body that is arriving, of which `length` bytes have arrived with them.
   * @throws HttpProblem 503 when too much is reserved
   */
  reserve(bytes: number, length: number): void {
    const isSmall = length <= SMALL_BYTES;
    const room = isSmall ? ARRIVING_BYTES : ARRIVING_BYTES - ARRIVING_SMALL_BYTES;
    if (this.arriving + bytes > room) throw this.queueFor(length).refusal();
    this.arriving += bytes;
  }

  release(bytes: number): void {
    this.arriving -= bytes;
  }

  /**
   * Keeps an answer of so many bytes until its client has read it. When too much is unread, the clients that have been
   * reading longest are disconnected.
   */
  keep(answer: Answer, bytes: number): void {
    this.unread.set(answer, bytes);
    this.unreadBytes += bytes;
    answer.once('close', () => this.drop(answer));
    for (const oldest of this.unread.keys()) {
      if (this.unreadBytes <= UNREAD_BYTES || oldest === answer) return;
      oldest.destroy();
      this.drop(oldest);
    }
  }

  private drop(answer: Answer): void {
    this.unreadBytes -= this.unread.get(answer) ?? 0;
    this.unread.delete(answer);
  }

  /** Measuring takes a moment, in which the body counts as arriving. */
  private async measure(body: Buffer, encoding: string): Promise<number> {
    this.reserve(body.length, body.length);
    try {
      return await unpackedLength(body, encoding, LARGE_BYTES);
    } finally {
      this.release(body.length);
    }
  }

  private queueFor(bytes: number): RequestQueue {
    return bytes <= SMALL_BYTES ? this.small : this.large;
  }
}
