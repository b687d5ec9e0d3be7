import { AwsError } from '../../wire/service.ts';

/** S3 returns at most this many entries at once, whatever the request says. */
export const largestPage = 1_000;

/** A key, or the common prefix of all keys up to the delimiter. */
export type Entry = { readonly name: string; readonly isPrefix: boolean };

/** Each name once, in the order of the keys, which is S3's. */
export function* grouped(
  keys: Iterable<string>,
  prefix = '',
  delimiter?: string,
): Generator<Entry> {
  let last: string | null = null;
  for (const key of keys) {
    const at = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const name = at < 0 ? key : key.slice(0, at + (delimiter ?? '').length);
    if (name !== last) yield { name, isPrefix: at >= 0 };
    last = name;
  }
}

/** The aws command line always requests `url`, and decodes the answer. */
export function encoding(type: string | undefined): (text: string) => string {
  if (type === undefined) return (text) => text;
  if (type !== 'url') throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified');
  return (text) => text.split('/').map(encodeURIComponent).join('/');
}
