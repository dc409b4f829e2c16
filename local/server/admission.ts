import { isGzip } from '../../handlers/ingest/read-body.ts';
import { UNPACKED_LIMIT_BYTES } from '../../handlers/limits.ts';
import { Lane } from './lane.ts';

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** Most shippers send less at once. They are not to wait behind bulk loads. */
const SMALL_BYTES = 64 * KIB;

/** Bytes that the server holds of bodies that have not arrived whole. */
const HELD_BYTES = 64 * MIB;

/**
 * Decides which requests are worked on now, which wait, and which are to come back later. Two large requests keep
 * the embedded engine busy; with more at once, each would only take longer.
 */
export class Admission {
  private readonly large = new Lane({ atOnce: 2, bytesAtOnce: 4 * MIB, bytesWaiting: 16 * MIB });
  private readonly small = new Lane({ atOnce: 4, bytesAtOnce: MIB, bytesWaiting: 4 * MIB });
  private readonly reads = new Lane({ atOnce: 32, bytesAtOnce: 0, bytesWaiting: 0 });
  private held = 0;

  /** Works on a read when its turn comes. Reads wait, and are never refused. */
  read<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.reads.pass(0, work);
  }

  /** Stores a body when its turn comes. @throws HttpProblem 503 when it would wait too long */
  write<Result>(body: Buffer, work: () => Promise<Result>): Promise<Result> {
    const bytes = unpackedLength(body);
    return this.laneOf(bytes).pass(bytes, work);
  }

  /** Refuses a body of a declared length before it is read. @throws HttpProblem 503 */
  requireRoom(bytes: number): void {
    this.laneOf(bytes).requireRoom(bytes);
  }

  /** Counts bytes that the server begins to hold. @throws HttpProblem 503 when they are too many */
  hold(bytes: number): void {
    if (this.held + bytes > HELD_BYTES) throw this.large.refusal();
    this.held += bytes;
  }

  release(bytes: number): void {
    this.held -= bytes;
  }

  private laneOf(bytes: number): Lane {
    return bytes <= SMALL_BYTES ? this.small : this.large;
  }
}

/** Bytes of a body once it is unpacked: the last four bytes of gzip say it (RFC 1952 section 2.3.1). */
function unpackedLength(body: Buffer): number {
  if (!isGzip(body) || body.length < 4) return body.length;
  return Math.min(body.readUInt32LE(body.length - 4), UNPACKED_LIMIT_BYTES);
}
