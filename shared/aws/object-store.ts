/** What certkeep needs of S3: whole small objects, conditional writes and listing. */
export type ObjectStore = {
  get(key: string): Promise<StoredObject | null>;
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
