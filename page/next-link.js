// @ts-check

const LINK = /<([^>]*)>([^<]*)/g;
const REL_NEXT = /;\s*rel\s*=\s*(?:"next"|next)\s*(?:[;,]|$)/i;

/** @type {import('./next-link.d.ts').nextLink} */
export const nextLink = (header) => {
  for (const [, target, parameters = ''] of (header ?? '').matchAll(LINK)) {
    if (REL_NEXT.test(parameters)) return target;
  }
  return undefined;
};
