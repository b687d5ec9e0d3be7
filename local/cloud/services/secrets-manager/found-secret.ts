/** The facts about a secret that others may need; never a value. */
export type FoundSecret = {
  readonly arn: string;
  readonly tags: ReadonlyMap<string, string>;
  /** In a replica, the replica's key. */
  readonly kmsKeyId: string | undefined;
  readonly primaryRegion: string;
  hasVersion(id: string): boolean;
  /** The id of the version that GetSecretValue would return. */
  versionOf(id: string | undefined, stage: string | undefined): string | null;
};
