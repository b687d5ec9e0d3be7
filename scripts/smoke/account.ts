import type { Config } from '#shared/config/config.ts';
import type { Throwaway } from '#shared/deploy/rights-proof/throwaway-certificate.ts';

export type Listener = {
  readonly protocol: string;
  /** Null on a listener without certificates. */
  readonly defaultArn: string | null;
  /** The certificate list, without the entry for a certificate that is the default alone. */
  readonly listed: readonly string[];
};

export type Installed = {
  /** The names of the functions in the account. */
  readonly functions: readonly string[];
  /** Null where the functions do not say which configuration they run. */
  readonly config: Config | null;
};

export type SmokeCertificate = {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
};

/** The account and region under test, in our terms, with the person's credentials. */
export type Account = {
  identity(): Promise<{ readonly account: string; readonly arn: string }>;
  /** The quota of concurrent executions of all functions in the account and region. */
  concurrency(): Promise<number>;
  /** @throws CertkeepError ConfigurationChanged, ConfigurationInvalid */
  installed(installation: string): Promise<Installed>;
  /** A function's answer to an event. @throws Error with the function's own message where it fails */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Null where the listener does not exist. */
  listener(arn: string): Promise<Listener | null>;
  setDefault(listenerArn: string, certificateArn: string): Promise<void>;
  removeListed(listenerArn: string, certificateArn: string): Promise<void>;
  /** Null where ACM has no such certificate. */
  namesOf(certificateArn: string): Promise<readonly string[] | null>;
  importCertificate(made: Throwaway, tags: SmokeCertificate['tags']): Promise<string>;
  /** Every certificate with that name prefix that carries the tag. */
  taggedWith(tag: string, namePrefix: string): Promise<readonly SmokeCertificate[]>;
  deleteCertificate(arn: string): Promise<'deleted' | 'in-use'>;
  /** The rules of an event bus with their numbers of targets; null where the bus does not exist. */
  rules(
    bus: string,
  ): Promise<
    | readonly { readonly name: string; readonly isEnabled: boolean; readonly targets: number }[]
    | null
  >;
  /** The replication status by region; null where the secret does not exist. */
  replication(secret: string): Promise<Readonly<Record<string, string>> | null>;
  /** Reads an object of a bucket in that region, which needs the region's key; null where it does not exist. */
  objectIn(region: string, bucket: string, key: string): Promise<string | null>;
  /** The number of messages in a queue, including those in flight; null where the queue does not exist. */
  messagesIn(queue: string): Promise<number | null>;
  /** The subscribers of a topic, and whether they have confirmed; null where the topic does not exist. */
  subscriptions(
    topic: string,
  ): Promise<readonly { readonly endpoint: string; readonly isConfirmed: boolean }[] | null>;
};
