/**
 * Normalizes a serial to upper-case hex as node's X509Certificate prints it. ACM prints `0a:1b:…`; a leading zero byte is
 * the sign of the DER integer and is omitted.
 */
export function serialOf(printed: string): string {
  return printed
    .replaceAll(/[^0-9a-f]/gi, '')
    .toUpperCase()
    .replace(/^(00)+(?=.)/, '');
}
