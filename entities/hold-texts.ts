/**
 * How texts are compared: `sensitive` tells upper and lower case apart, `smart` only for a text that has an
 * upper-case letter.
 */
export const TEXT_CASES = ['sensitive', 'smart'] as const;
export type TextCase = (typeof TEXT_CASES)[number];

/** What a message must hold, all of it, and must not hold, any of it. */
export interface TextFilter {
  contains?: string[];
  excludes?: string[];
  /** Default: sensitive. */
  textCase?: TextCase;
}

/** Whether a text is looked for in upper and lower case alike. */
export function foldsCase(text: string, textCase: TextCase | undefined): boolean {
  return textCase === 'smart' && text !== text.toUpperCase() && !/[\p{Lu}\p{Lt}]/u.test(text);
}

/** Makes a function that says whether a message passes a filter. */
export function compileTexts({
  contains = [],
  excludes = [],
  textCase,
}: TextFilter): (message: string) => boolean {
  const toSought = (text: string) => ({ text, isFolded: foldsCase(text, textCase) });
  const wanted = contains.map(toSought);
  const unwanted = excludes.map(toSought);
  const needsFolding = [...wanted, ...unwanted].some(({ isFolded }) => isFolded);
  return (message) => {
    const folded = needsFolding ? message.toLowerCase() : message;
    const has = ({ text, isFolded }: ReturnType<typeof toSought>) =>
      (isFolded ? folded : message).includes(text);
    return wanted.every(has) && !unwanted.some(has);
  };
}
