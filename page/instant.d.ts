/**
 * The UTC instant that an RFC 3339 datetime names, in a form whose text order is its time order:
 * always nine fraction digits and `Z`. Throws RangeError for anything else.
 */
export declare function instantOf(datetime: string): string;

/** Milliseconds since 1970 of an RFC 3339 datetime; finer digits are cut. Throws RangeError. */
export declare function millisOf(datetime: string): number;

/**
 * A datetime as people read it: `2023-11-15 12:05:00.123Z`, or with `local` in this machine's zone and its
 * offset, `2023-11-15 13:05:00.123+01:00`. Always as wide, so that times stand in a column.
 */
export declare function readableTime(datetime: string, local: boolean): string;
