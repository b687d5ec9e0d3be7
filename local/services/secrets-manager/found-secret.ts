/** What of a secret others may have to know; never a value. */
export type FoundSecret = {
  readonly arn: string;
  readonly tags: ReadonlyMap<string, string>;
  /** Of the replica where a replica is seen. */
  readonly kmsKeyId: string | undefined;
  readonly primaryRegion: string;
  hasVersion(id: string): boolean;
  /** The id of the version that GetSecretValue would answer. */
  versionOf(id: string | undefined, stage: string | undefined): string | null;
};
