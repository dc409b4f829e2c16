/**
 * Bytes of a request body as it is sent. An event for Lambda may have 6 MB (6,291,456 bytes), and contains the body as
 * base64, which is a third longer, beside the headers.
 */
export const WIRE_LIMIT_BYTES = 4_400_000;

/** Bytes of a decompressed body: as many as the function's memory has room for. */
export const UNPACKED_LIMIT_BYTES = 32 * 1024 * 1024;

/**
 * Entries of one request: a chunk of Fluent Bit with 32,766 lines fits. A new on-demand table takes 4,000 writes per
 * second, so storing as many takes 10 seconds of WRITE_BUDGET_MS, and 3 seconds of CPU.
 */
export const ENTRIES_LIMIT = 40_000;

/**
 * Bytes of the log records of an OTLP request, each counted with its resource and its scope, which become part of each
 * entry. They take 65,000 writes at most, and a new table takes 80,000 in WRITE_BUDGET_MS.
 */
export const EXPANDED_LIMIT_BYTES = 64 * 1024 * 1024;

/** Bytes of one record of a body: enough for the longest message in JSON escapes, and fields that are ignored. */
export const RECORD_LIMIT_BYTES = 2 * 1024 * 1024;

/**
 * Values of one record, nested ones included. By default, OpenTelemetry allows 128 attributes. Millions of values fit
 * into a few kilobytes of gzip, and would take seconds to build.
 */
export const VALUES_LIMIT = 10_000;

/** Digits of a number in JSON. A double (IEEE 754) has at most 767 significant ones. */
export const DIGITS_LIMIT = 1_000;

/** Bytes of an id. A sort key, which contains it, may have 1,024 bytes in DynamoDB. */
export const ID_LIMIT_BYTES = 256;

/** Bytes of a message. */
export const MESSAGE_LIMIT_BYTES = 256 * 1024;

/**
 * Bytes of a message together with the attributes as compact JSON. An item may have 400 KB (409,600 bytes) in
 * DynamoDB, of which the keys and the other fields take up to 3 KB.
 */
export const ENTRY_LIMIT_BYTES = 400_000;

/** How deep the values of attributes may be nested. DynamoDB has the same limit for its own documents. */
export const ATTRIBUTES_LIMIT_DEPTH = 32;

/** Bytes of each key in the attributes. */
export const ATTRIBUTE_KEY_LIMIT_BYTES = 256;

/** How far in the future an entry may be dated. */
export const FUTURE_LIMIT_MS = 24 * 3_600_000;

/**
 * Time to store a request. API Gateway waits 29 seconds for the function, which also has to read the body and
 * respond.
 */
export const WRITE_BUDGET_MS = 20_000;

/** Refused entries in one response, which may have 6 MB. */
export const LISTED_REFUSALS_LIMIT = 1_000;

/** Bytes of a response. Lambda allows 6 MB (6,291,556 bytes), including status and headers. */
export const RESPONSE_LIMIT_BYTES = 5_500_000;
