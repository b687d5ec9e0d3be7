import type { Config } from '#shared/config/config.ts';
import type { Throwaway } from '#shared/deploy/rights-proof/throwaway-certificate.ts';

export type Listener = {
  readonly protocol: string;
  /** Null on a listener without certificates. */
  readonly defaultArn: string | null;
  /** The certificate list, without the entry that stands for the default alone. */
  readonly listed: readonly string[];
};

export type Installed = {
  /** The names of the functions that are there. */
  readonly functions: readonly string[];
  /** Null where they cannot say which configuration they run. */
  readonly config: Config | null;
};

export type SmokeCertificate = {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
};

/** The account and region under test, in our words; the credentials are those of the person. */
export type Account = {
  identity(): Promise<{ readonly account: string; readonly arn: string }>;
  /** Concurrent executions of all functions of the account and region together. */
  concurrency(): Promise<number>;
  /** @throws CertkeepError ConfigurationChanged, ConfigurationInvalid */
  installed(installation: string): Promise<Installed>;
  /** The answer of a function to an event. @throws Error with the words of the function where it fails */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Null where there is no such listener. */
  listener(arn: string): Promise<Listener | null>;
  setDefault(listenerArn: string, certificateArn: string): Promise<void>;
  removeListed(listenerArn: string, certificateArn: string): Promise<void>;
  /** Null where ACM holds no such certificate. */
  namesOf(certificateArn: string): Promise<readonly string[] | null>;
  importCertificate(made: Throwaway, tags: SmokeCertificate['tags']): Promise<string>;
  /** Every certificate of such a name that carries the tag. */
  taggedWith(tag: string, namePrefix: string): Promise<readonly SmokeCertificate[]>;
  deleteCertificate(arn: string): Promise<'deleted' | 'in-use'>;
  /** The rules of an event bus, and how many targets each has; null where there is no such bus. */
  rules(
    bus: string,
  ): Promise<
    | readonly { readonly name: string; readonly isEnabled: boolean; readonly targets: number }[]
    | null
  >;
  /** By region; null where there is no such secret. */
  replication(secret: string): Promise<Readonly<Record<string, string>> | null>;
  /** Reads an object of a bucket of that region, and with it the region's key; null where there is none. */
  objectIn(region: string, bucket: string, key: string): Promise<string | null>;
  /** Messages in a queue, also those under way; null where there is no such queue. */
  messagesIn(queue: string): Promise<number | null>;
  /** Who is subscribed to a topic, and whether they have confirmed it; null where there is no such topic. */
  subscriptions(
    topic: string,
  ): Promise<readonly { readonly endpoint: string; readonly isConfirmed: boolean }[] | null>;
};
