import type { HttpResponse } from './gateway.ts';

/** Seconds for which a browser remembers that it may write: an hour. */
const REMEMBERED_SECONDS = 3_600;

/** The headers that let pages of one origin read responses. None without an origin. */
export function corsHeaders(origin: string | undefined): Record<string, string> {
  return origin === undefined ? {} : { 'Access-Control-Allow-Origin': origin };
}

/** The headers that let pages of an origin send what a shipper sends. */
export function preflightHeaders(origin: string): Record<string, string> {
  return {
    ...corsHeaders(origin),
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': 'content-type,content-encoding,x-api-key',
    'Access-Control-Max-Age': String(REMEMBERED_SECONDS),
  };
}

/** The response to OPTIONS. */
export function preflightResponse(origin: string): HttpResponse {
  return { status: 204, headers: preflightHeaders(origin), body: '' };
}
