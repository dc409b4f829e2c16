/** The target of the link with `rel="next"` in a Link header (RFC 8288), undefined when there is none. */
export declare function nextLink(header: string | null): string | undefined;
