import { isGzip } from '../../handlers/ingest/read-body.ts';
import { UNPACKED_LIMIT_BYTES } from '../../handlers/limits.ts';
import { RequestQueue } from './request-queue.ts';

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** Most shippers send less than this at once. Their requests do not wait for bulk loads. */
const SMALL_BYTES = 64 * KIB;

/** Bytes that the server keeps of bodies that have not arrived completely. */
const ARRIVING_BYTES = 64 * MIB;

/**
 * Decides which requests run now, which wait, and which are refused until later. Two large requests keep the embedded
 * engine busy; more at once would only make each slower.
 */
export class Admission {
  private readonly large = new RequestQueue({ atOnce: 2, bytesAtOnce: 4 * MIB, bytesWaiting: 16 * MIB });
  private readonly small = new RequestQueue({ atOnce: 4, bytesAtOnce: MIB, bytesWaiting: 4 * MIB });
  private readonly reads = new RequestQueue({ atOnce: 32, bytesAtOnce: 0, bytesWaiting: 0 });
  private arriving = 0;

  /** Runs a read when its turn comes. Reads wait and are never refused. */
  read<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.reads.run(0, work);
  }

  /** Stores a body when its turn comes. @throws HttpProblem 503 when it would wait too long */
  write<Result>(body: Buffer, work: () => Promise<Result>): Promise<Result> {
    const bytes = unpackedLength(body);
    return this.queueFor(bytes).run(bytes, work);
  }

  /** Refuses a body of a declared length before it is read. @throws HttpProblem 503 */
  requireRoom(bytes: number): void {
    this.queueFor(bytes).requireRoom(bytes);
  }

  /** Reserves memory for bytes of a body that is arriving. @throws HttpProblem 503 when too much is reserved */
  reserve(bytes: number): void {
    if (this.arriving + bytes > ARRIVING_BYTES) throw this.large.refusal();
    this.arriving += bytes;
  }

  release(bytes: number): void {
    this.arriving -= bytes;
  }

  private queueFor(bytes: number): RequestQueue {
    return bytes <= SMALL_BYTES ? this.small : this.large;
  }
}

/** Bytes of a body once it is unpacked: the last four bytes of gzip contain them (RFC 1952 section 2.3.1). */
function unpackedLength(body: Buffer): number {
  if (!isGzip(body) || body.length < 4) return body.length;
  return Math.min(body.readUInt32LE(body.length - 4), UNPACKED_LIMIT_BYTES);
}
