import { AwsError } from '../../wire/service.ts';

/** S3 returns at most this many entries at once, whatever the request says. */
export const largestPage = 1_000;

/** A key, or the common prefix of all keys up to the delimiter. */
export type Entry = { readonly name: string; readonly isPrefix: boolean };

export function grouped(
  keys: readonly string[],
  prefix: string | undefined = '',
  delimiter?: string,
): Entry[] {
  const entries = new Map<string, Entry>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const at = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const name = at < 0 ? key : key.slice(0, at + (delimiter ?? '').length);
    entries.set(name, { name, isPrefix: at >= 0 });
  }
  return [...entries.values()];
}

/** Follows the order of S3's listings: by UTF-8 bytes. */
export function isAfter(name: string, marker: string): boolean {
  return Buffer.compare(Buffer.from(name), Buffer.from(marker)) > 0;
}

/** The aws command line always requests `url`, and decodes the answer. */
export function encoding(type: string | undefined): (text: string) => string {
  if (type === undefined) return (text) => text;
  if (type !== 'url') throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified');
  return (text) => text.split('/').map(encodeURIComponent).join('/');
}
