import { CertkeepError } from './errors.ts';

/**
 * How many bytes of an object are read at most. What is larger was not written by certkeep, and would use up the memory of
 * whoever reads it.
 */
export const mostBytes = {
  /** A certificate, a chain, a mark, the record of a certificate that is not in the configuration. */
  small: 1 << 20,
  /** The record of a certificate: with a thousand listeners, each of them failing, some four MiB. */
  record: 8 << 20,
  /** What all certificates share: with ten thousand of them, some two MiB of work that was sent. */
  fleet: 16 << 20,
  /** It is believed by its digest, and was written by the deployment. */
  config: 64 << 20,
} as const;

/** What certkeep needs of S3: whole small objects, conditional writes and listing. */
export type ObjectStore = {
  /** @throws ObjectTooLarge for one of more than `most` bytes: `mostBytes.small` unless told */
  get(key: string, most?: number): Promise<StoredObject | null>;
  /** Unconditional. */
  put(key: string, body: Uint8Array | string, contentType: string): Promise<void>;
  /** Writes only over `etag`, or only where nothing is when it is null. Lost races answer `conflict`. */
  putIf(
    key: string,
    body: string,
    etag: string | null,
  ): Promise<{ outcome: 'written'; etag: string } | { outcome: 'conflict' }>;
  /** What is gone already is success. */
  remove(key: string): Promise<void>;
  /** The names directly below `prefix` that have something below them: `a` and `b` of `p/a/x`, `p/b/y`. */
  folders(prefix: string): Promise<readonly string[]>;
  /** The first thousand objects below `prefix` whose keys come after `after`, in the order of their keys. */
  page(prefix: string, after: string | null): Promise<ObjectPage>;
};

export type StoredObject = {
  readonly body: Uint8Array;
  readonly etag: string;
  /** When it was written, by the clock of S3. */
  readonly modifiedAt?: Date;
};

export type ObjectPage = {
  /** ETags as `get` returns them. */
  readonly objects: readonly { readonly key: string; readonly etag: string }[];
  /** Nothing comes after it. */
  readonly isLast: boolean;
};

/** An object that is not read: one more that nothing can be made of. It can be written over. */
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
