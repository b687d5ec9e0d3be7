import type { Secret } from '#shared/secret.ts';

/** `token` becomes the id of the version: the same token with the same value is the same version. */
export type NewVersion = { readonly token: string; readonly value: Secret };

/** Of a replica that does not come any more unless it is asked for again. */
export const failedStatus = 'Failed';

export type SecretLabels = {
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
  /** Of the KMS key, at home and in each region: an id, or an alias that means one in all of them. */
  readonly keyId: string;
  /** Where the secret has replicas. */
  readonly regions: readonly string[];
};

/** What the key store needs of Secrets Manager. */
export type SecretsClient = {
  create(name: string, first: NewVersion, sealing: Sealing): Promise<'created' | 'exists'>;
  /**
   * `token-taken`: this version exists with another value. The labels leave the versions that had them.
   * @throws CertkeepError KeyStoreFull where the secret has as many labels or versions as it may have
   */
  put(
    name: string,
    version: NewVersion,
    labels: readonly string[],
  ): Promise<'stored' | 'no-secret' | 'token-taken'>;
  /** The version of that token; the current one when it is null. */
  read(name: string, token: string | null): Promise<Secret | null>;
  describe(name: string): Promise<SecretLabels | null>;
  tag(name: string, key: string, value: string): Promise<void>;
  /**
   * Gives the secret replicas in further regions, or another try where one failed
   * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets_troubleshoot.html).
   */
  replicate(name: string, sealing: Sealing): Promise<void>;
  /** `stale`: the label is not where `from` says, because somebody (or our own lost call) moved it. */
  moveLabel(
    name: string,
    label: string,
    move: { readonly from: string | null; readonly to: string | null },
  ): Promise<'moved' | 'stale'>;
};
