import type { Clock } from '#shared/clock.ts';
import type { IssuerConfig } from '#shared/config/config.ts';
import { isCertkeepError } from '#shared/errors.ts';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import type { Secret } from '#shared/secret.ts';
import { accountKeyName } from '../account-name.ts';
import { createKey } from '../csr.ts';
import { type AcmeClient, acmeClient, type Reader } from './client.ts';
import { readExternalAccount } from './external-account.ts';
import { isRefusedAs } from './problem.ts';
import type { Transport } from './transport.ts';

export type AccountDeps = {
  /** The issuer's name in the configuration. */
  readonly name: string;
  readonly keyStore: Pick<KeyStore, 'accountKey'>;
  /** A secret that a person wrote, by its name; null when there is none. */
  readonly readSecret: (name: string) => Promise<Secret | null>;
  readonly clock: Clock;
};

export type AcmeAccount = {
  /** Gives `work` a client that signs with the account, which is created when it does not exist (yet). */
  run<T>(work: (client: AcmeClient) => Promise<T>): Promise<T>;
};

export type AccountConfig = Pick<
  IssuerConfig & { type: 'acme' },
  'directory' | 'contact' | 'externalAccountBinding'
>;

/** One key for each CA and binding, whatever the issuer is called. It is in the store before newAccount; the CA finds the account by it again. */
export function acmeAccount(
  config: AccountConfig,
  { keyStore, readSecret, clock }: AccountDeps,
  { transport, reader }: { readonly transport: Transport; readonly reader: Reader },
): AcmeAccount {
  let opened: Promise<AcmeClient> | undefined;

  async function open(): Promise<AcmeClient> {
    const accountKey = await keyStore.accountKey(accountKeyName(config), () =>
      createKey('ecdsa-p256'),
    );
    const { directory: directoryUrl } = config;
    const client = acmeClient({ directoryUrl, accountKey, reader, transport, clock });
    if (config.externalAccountBinding) await bind(client, config.externalAccountBinding.secret);
    else await client.register({ contact: config.contact, external: null });
    return client;
  }

  /** A binding may serve once and end in a week (Google's do); the account made with it stays. */
  async function bind(client: AcmeClient, secret: string): Promise<void> {
    if ((await client.findAccount()) === 'found') return;
    const external = readExternalAccount(secret, await readSecret(secret));
    try {
      await client.register({ contact: config.contact, external });
    } catch (error) {
      // Used up, perhaps by a run beside this one with the same key.
      const isRefused = isCertkeepError(error, 'IssuerRefused');
      if (!isRefused || (await client.findAccount()) === 'unknown') throw error;
    }
  }

  /** One registration at a time; a failed one is not remembered. */
  function client(): Promise<AcmeClient> {
    opened ??= open().catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  return {
    async run(work) {
      const account = client();
      try {
        return await work(await account);
      } catch (error) {
        if (!isRefusedAs(error, 'accountDoesNotExist')) throw error;
        // The CA lost it: register the same key again, once. Whoever comes second finds that done.
        if (opened === account) opened = undefined;
        return work(await client());
      }
    },
  };
}
