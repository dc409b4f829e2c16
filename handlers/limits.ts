/**
 * Bytes of a request body on the wire. Lambda takes 6 MB (6,291,556 bytes) an event, a body arrives in base64,
 * a third longer, and the rest of the event needs room too.
 */
export const WIRE_LIMIT_BYTES = 4_400_000;

/** Bytes of a body once unpacked: what the function's memory holds with ease. */
export const UNPACKED_LIMIT_BYTES = 32 * 1024 * 1024;

/** Entries of one request: what the writer can store within its time budget. */
export const ENTRIES_LIMIT = 20_000;

/** Bytes of one record of a body: a message of the greatest size written in escapes, and fields that nobody reads. */
export const RECORD_LIMIT_BYTES = 2 * 1024 * 1024;

/** Bytes of an id: its keys stay far below DynamoDB's 1,024 bytes for a sort key. */
export const ID_LIMIT_BYTES = 256;

/** Bytes of a message: with its keys an item stays below DynamoDB's 400 KB. */
export const MESSAGE_LIMIT_BYTES = 256 * 1024;

/** How far ahead of our clock an entry may be dated. */
export const FUTURE_LIMIT_MS = 24 * 3_600_000;

/**
 * Time to store a request. API Gateway waits 29 seconds for the function; what is left of them
 * is for reading the body and for the answer.
 */
export const WRITE_BUDGET_MS = 20_000;

/** Refused entries named in one answer; a response may hold 6 MB. */
export const LISTED_REFUSALS_LIMIT = 1_000;

/** Bytes of a response: Lambda takes 6 MB (6,291,556 bytes), its envelope included. */
export const RESPONSE_LIMIT_BYTES = 5_500_000;
