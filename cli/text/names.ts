import { domainToASCII, domainToUnicode } from 'node:url';
import { oneLine } from '#shared/text/plain-text.ts';

/** RFC 1035 §2.3.4: a name has at most 255 octets. */
const longestName = 255;

/**
 * Returns a name as people read it: `xn--mnchen-3ya.de` is münchen.de. Letters of two alphabets in one word, which may
 * imitate another name, are escaped.
 */
export function readableName(name: string): string {
  if (!name.includes('xn--')) return oneLine(name, longestName);
  const labels = name.slice(0, longestName).split('.');
  return oneLine(labels.map(readableLabel).join('.'), longestName);
}

function readableLabel(label: string): string {
  if (!label.startsWith('xn--')) return label;
  const decoded = domainToUnicode(label);
  return domainToASCII(decoded) === label ? decoded : label;
}

/** The readable name, and in brackets what stands in DNS where that is something else. */
export function bothNames(name: string): string {
  const readable = readableName(name);
  const written = oneLine(name, longestName);
  return readable === written ? written : `${readable} (${written})`;
}
