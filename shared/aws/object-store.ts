/** What certkeep needs of S3: whole small objects, conditional writes and listing. */
export type ObjectStore = {
  get(key: string): Promise<{ body: Uint8Array; etag: string } | null>;
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
};
