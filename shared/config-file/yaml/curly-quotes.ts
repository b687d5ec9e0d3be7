/** Word processors and chats replace " and ' with these. */
const quotes: Readonly<Record<string, string>> = {
  '\u201c': 'a curly quote (“)',
  '\u201d': 'a curly quote (”)',
  '\u201e': 'a low quote („)',
  '\u2018': 'a curly quote (‘)',
  '\u2019': 'a curly quote (’)',
  '\u201a': 'a low quote (‚)',
  '\u00ab': 'an angle quote («)',
  '\u00bb': 'an angle quote (»)',
};

/** Curly quotes around a key; without them the key may be a known one. */
export const curlyAround = /^[\u201c\u201d\u201e]|[\u201c\u201d\u201e]$/g;

/** The first curly quote at the beginning or end of a text; in the middle it may be intended. */
export function curlyQuotes(text: string): { readonly title: string; readonly at: number } | null {
  const [first = '', last = ''] = [text.at(0), text.at(-1)];
  if (quotes[first]) return { title: quotes[first], at: 0 };
  return quotes[last] ? { title: quotes[last], at: text.length - 1 } : null;
}
