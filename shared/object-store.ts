import { CertkeepError } from './errors.ts';

/** The maximum size of an object that certkeep reads. It has not written a larger one, which would fill the reader's memory. */
export const mostBytes = {
  /** A certificate, a chain, a mark, or the record of a certificate that is not in the configuration. */
  small: 1 << 20,
  /** The record of a certificate: about four MiB for a thousand listeners that all fail. */
  record: 8 << 20,
  /** Objects that all certificates share: about two MiB of sent work for ten thousand certificates. */
  fleet: 16 << 20,
  /** What is known of each certificate: 25 MiB for the state of a hundred thousand, which only check, verify and alert read. */
  state: 64 << 20,
  /** The configuration, which the deployment wrote and whose digest is checked. */
  config: 64 << 20,
} as const;

/** The calls of S3 that certkeep needs: whole small objects, conditional writes and listing. */
export type ObjectStore = {
  /** @throws ObjectTooLarge for an object of more than `most` bytes, by default `mostBytes.small` */
  get(key: string, most?: number): Promise<StoredObject | null>;
  /** Writes without a condition. */
  put(key: string, body: Uint8Array | string, contentType: string): Promise<void>;
  /** Writes only over `etag`, or, when it is null, only where there is no object. Returns `conflict` for a lost race. */
  putIf(
    key: string,
    body: string,
    etag: string | null,
  ): Promise<{ outcome: 'written'; etag: string } | { outcome: 'conflict' }>;
  /** Succeeds for an object that is gone already. */
  remove(key: string): Promise<void>;
  /** The names directly below `prefix` that have objects below them: `a` and `b` of `p/a/x`, `p/b/y`. */
  folders(prefix: string): Promise<readonly string[]>;
  /** The first thousand objects below `prefix` whose keys come after `after`, in order. */
  page(prefix: string, after: string | null): Promise<ObjectPage>;
};

type StoredObject = {
  readonly body: Uint8Array;
  readonly etag: string;
  /** The time of the last write, by S3's clock. */
  readonly modifiedAt?: Date;
};

export type ObjectPage = {
  /** ETags as `get` returns them. */
  readonly objects: readonly { readonly key: string; readonly etag: string }[];
  /** No object comes after this page. */
  readonly isLast: boolean;
};

/** An object too large to read, which counts as unreadable. It can be overwritten. */
export class ObjectTooLarge extends CertkeepError {
  readonly etag: string;

  constructor(key: string, { bytes, most, etag }: TooLarge) {
    const size = bytes === null ? '' : `has ${bytes} bytes, `;
    super('LedgerUnreadable', `${key}: ${size}more than the ${most} that are read`);
    this.etag = etag;
  }
}

type TooLarge = {
  /** Null where S3 did not say. */
  readonly bytes: number | null;
  readonly most: number;
  readonly etag: string;
};

/** The UTF-8 text of an object, without another copy of its bytes. */
export function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}
