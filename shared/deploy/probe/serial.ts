/**
 * One form for a serial: upper-case hex as node's X509Certificate prints it. ACM prints `0a:1b:…`; a
 * leading zero byte is the sign of the DER integer and belongs to no form.
 */
export function serialOf(printed: string): string {
  return printed
    .replaceAll(/[^0-9a-f]/gi, '')
    .toUpperCase()
    .replace(/^(00)+(?=.)/, '');
}
