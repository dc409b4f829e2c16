import { hash } from 'node:crypto';
import { SEVERITIES, type Severity } from './entry.ts';
import { epochMillisecondsOf, instantAt } from './instant.ts';

/** Milliseconds that the entries of a block may span, by the class of the block. */
export const BLOCK_SPANS = [80, 625, 1_250, 2_500, 5_000] as const;
type BlockSpan = (typeof BLOCK_SPANS)[number];
const [, , , , LONGEST_SPAN] = BLOCK_SPANS;

/**
 * A timeline is a sequence that is read newest first. `info`, `warning` and `error` have the entries of that severity,
 * `refused` the dead letters. Packed entries are on timelines of blocks, one for each severity and class:
 * `info-5000` has blocks of info entries that span up to five seconds. `blocks` has info entries of form 1. `filters`
 * says which tokens blocks may have.
 *
 * A timeline is divided into UTC days, and each day into shards. One partition of an index takes 1,000 writes a second
 * (DynamoDB developer guide, "Designing partition keys"), so a busy timeline needs several.
 */
export type BlockTimeline = `${Severity}-${BlockSpan}` | 'blocks';
export type Timeline = Severity | 'refused' | BlockTimeline | 'filters';

/** Milliseconds that the blocks of a row of filters may span, from the newest of one to the newest of another. */
export const FILTERED_SPAN = 5_000;

/** What is known of the blocks of each timeline. */
const BLOCKS = new Map<Timeline, { severity: Severity; span: number }>([
  ['blocks', { severity: 'info', span: 10_000 }],
  ...SEVERITIES.flatMap((severity) =>
    BLOCK_SPANS.map((span): [Timeline, { severity: Severity; span: number }] => [
      `${severity}-${span}`,
      { severity, span },
    ]),
  ),
]);

export function isBlockTimeline(timeline: Timeline): timeline is BlockTimeline {
  return BLOCKS.has(timeline);
}

/** The timelines of the entries of a severity, that of rows first. */
export function timelinesOf(severity: Severity): Timeline[] {
  return [severity, ...[...BLOCKS.keys()].filter((timeline) => severityOf(timeline) === severity)];
}

/** The severity of the entries of a timeline. */
export function severityOf(timeline: Timeline): Severity {
  return BLOCKS.get(timeline)?.severity ?? (timeline as Severity);
}

/** Days from ingest until what is stored expires: one number for all, or one for each severity. */
export type Retention = number | Record<Severity, number>;

/** How many days a timeline is kept. Those of no single severity, dead letters and filters, are kept longest. */
export function daysKept(retention: Retention, timeline: Timeline): number {
  if (typeof retention === 'number') return retention;
  if (timeline === 'refused' || timeline === 'filters') return Math.max(...Object.values(retention));
  return retention[severityOf(timeline)];
}

/** The timeline of blocks whose entries span so many milliseconds, 5,000 at most. */
export function blockTimelineOf(severity: Severity, milliseconds: number): BlockTimeline {
  const span = BLOCK_SPANS.find((most) => milliseconds <= most) ?? LONGEST_SPAN;
  return `${severity}-${span}`;
}

/** A bound above every item of a day that can have entries below a position. */
export function topOf(timeline: Timeline, position: string): string {
  const span = timeline === 'filters' ? FILTERED_SPAN + LONGEST_SPAN : BLOCKS.get(timeline)?.span;
  if (span === undefined) return position;
  // Milliseconds are rounded down, so the newest entry of a block may be one later than its span says.
  const top = instantAt(epochMillisecondsOf(instantOf(position)) + span + 1);
  return dayOf(top) === dayOf(position) ? top : endOfDay(dayOf(position));
}

/**
 * Anything that has a place on a timeline. A position is an instant, followed by `#` and what distinguishes equal
 * instants. The position of a block has `~` there, so it is above all entries of the newest instant in the block.
 */
export interface Positioned {
  position: string;
}

/** A part of a timeline, both bounds inclusive, as DynamoDB's BETWEEN has them. */
export interface PositionRange {
  from: string;
  upTo: string;
}

/** Bounds that lie below and above every position. */
export const BELOW_ALL = '0';
export const ABOVE_ALL = '~';

/** `YYYY-MM-DD` */
const DAY_LENGTH = 10;

/** `YYYY-MM-DDTHH:MM:SS.nnnnnnnnnZ` */
const INSTANT_LENGTH = 30;

/** The UTC day of an instant, of a position or of the end of a day. */
export function dayOf(position: string): string {
  return position.slice(0, DAY_LENGTH);
}

/** Days before and after all others. */
export const FIRST_DAY = '0000-01-01';
export const LAST_DAY = '9999-12-31';

/** A bound above every position of a day and below every position of the next day. */
export function endOfDay(day: string): string {
  return day + ABOVE_ALL;
}

/** The instant of a position. For the end of a day it is the last instant of that day. */
export function instantOf(position: string): string {
  if (position === endOfDay(dayOf(position))) return `${dayOf(position)}T23:59:59.999999999Z`;
  return position.slice(0, INSTANT_LENGTH);
}

/** Whether position `a` is newer than `b`, as DynamoDB orders keys: by their bytes in UTF-8. */
export function isAbove(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length > b.length;
  const [unitOfA, unitOfB] = [a.charCodeAt(at), b.charCodeAt(at)];
  // In UTF-8, characters that take two units in UTF-16, such as emoji, are above all others.
  if (isSurrogate(unitOfA) !== isSurrogate(unitOfB)) return isSurrogate(unitOfA);
  return unitOfA > unitOfB;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** The newer of two positions. */
export function newerOf(a: string, b: string): string {
  return isAbove(a, b) ? a : b;
}

/**
 * The sort key of an item: its position and its shard. A place is above its position, so a position as the upper bound
 * of a query leaves its own item out.
 */
export function placeOf(position: string, shard: number): string {
  return `${position}#${shard}`;
}

/** The position in a place. */
export function positionIn(place: string): string {
  return place.slice(0, place.lastIndexOf('#'));
}

/** The bucket of a shard: its partition of the index. */
export function bucketOf(timeline: Timeline, day: string, shard: number): string {
  return `${timeline}#${day}#${shard}`;
}

/** The timeline of a bucket. */
export function timelineIn(bucket: string): Timeline {
  return bucket.slice(0, bucket.indexOf('#')) as Timeline;
}

/** Which of `shards` shards an id belongs to: FNV-1a over its UTF-16 code units. */
export function shardOf(id: string, shards: number): number {
  if (shards === 1) return 0;
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) {
    hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  }
  // The low bits of FNV-1a are its weakest, so the high half is folded in before the remainder is taken.
  return ((hash >>> 16) ^ (hash & 0xffff)) % shards;
}

/** 132 bits of SHA-256, because an item that met another would destroy all that it is about. */
const CONTENTS_CHARACTERS = 22;

/** The position of an item of many entries: above all of the newest one's instant, apart from items of other contents. */
export function positionAbove(newest: string, contents: string | Uint8Array): string {
  return `${instantOf(newest)}${ABOVE_ALL}${digest(contents, CONTENTS_CHARACTERS)}`;
}

/** The first characters of the SHA-256 of a content in base64url. Each character holds 6 bits. */
export function digest(content: string | Uint8Array, characters: number): string {
  return hash('sha256', content, 'base64url').slice(0, characters);
}
