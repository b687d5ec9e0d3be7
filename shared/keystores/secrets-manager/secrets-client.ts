import type { Secret } from '#shared/secret.ts';

/** `token` becomes the version's id: the same token with the same value is the same version. */
type NewVersion = { readonly token: string; readonly value: Secret };

/** The status of a replica that Secrets Manager does not create by itself any more. */
export const failedStatus = 'Failed';

export type SecretLabels = {
  /** Somebody has deleted it, and its recovery window is not over. */
  readonly isDeleted: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** The labels of each labelled version, by its token. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly replicas: readonly {
    readonly region: string;
    /** `InSync`, `InProgress` or `Failed`. */
    readonly status: string;
    readonly message: string | null;
  }[];
};

export type Sealing = {
  /** An alias that exists at home and in each region, or the ARN of a key at home that has replicas there. */
  readonly keyId: string;
  /** The secret has replicas in these regions. */
  readonly regions: readonly string[];
};

/** The calls of Secrets Manager that the key store needs. */
export type SecretsClient = {
  create(name: string, first: NewVersion, sealing: Sealing): Promise<'created' | 'exists'>;
  /**
   * `token-taken` means that this version exists with another value. The labels move away from the versions that had them.
   * @throws CertkeepError KeyStoreFull where the secret has as many labels or versions as it may have
   */
  put(
    name: string,
    version: NewVersion,
    labels: readonly string[],
  ): Promise<'stored' | 'no-secret' | 'token-taken'>;
  /** Reads the version with that token; the current one when it is null. */
  read(name: string, token: string | null): Promise<Secret | null>;
  describe(name: string): Promise<SecretLabels | null>;
  tag(name: string, key: string, value: string): Promise<void>;
  /**
   * Adds replicas in further regions, and retries one that failed
   * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets_troubleshoot.html).
   */
  replicate(name: string, sealing: Sealing): Promise<void>;
  /** `stale` means that the label is not on the version `from`, because somebody (or our own lost call) moved it. */
  moveLabel(
    name: string,
    label: string,
    move: { readonly from: string | null; readonly to: string | null },
  ): Promise<'moved' | 'stale'>;
};
