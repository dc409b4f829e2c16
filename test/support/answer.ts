/** The answer of a service to a GET of a URL, as fetch gives it. @param next the URL of the next page */
export function answer(url: URL, body: unknown, next?: URL): Response {
  const response = Response.json(body, { headers: next ? { link: `<${next}>; rel="next"` } : {} });
  // A response that is made has no URL, unlike one that came.
  return Object.defineProperty(response, 'url', { value: url.href });
}
