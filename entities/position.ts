/** Anything that has a place on a timeline: its position begins with its instant. */
export interface Positioned {
  position: string;
}

/** Sorts above every position, and behind a year above every position of it. */
export const ABOVE_ALL = '~';

/** `YYYY-MM-DDTHH:MM:SS.nnnnnnnnnZ` */
const INSTANT_LENGTH = 30;

/** Whether position `a` is newer than `b`, as DynamoDB orders keys: by their bytes in UTF-8. */
export function isAbove(a: string, b: string): boolean {
  const instantOfA = a.slice(0, INSTANT_LENGTH);
  const instantOfB = b.slice(0, INSTANT_LENGTH);
  if (instantOfA !== instantOfB) return instantOfA > instantOfB;
  // JavaScript compares UTF-16 units, which is another order where an id holds an emoji.
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0;
}

/** Whether a row can stand at a position; no row stands at a bare instant or at the end of a year. */
export function isRowPosition(position: string): boolean {
  return position[INSTANT_LENGTH] === '#';
}
