import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { createKey } from '#shared/x509/csr.ts';
import { accountKeyName, formerAccountKeyName } from '../account-name.ts';
import type { IssuerDeps } from '../issuer-plugin.ts';
import type { IssuerConfig } from '../specs.ts';
import { type AccountAnswer, type AcmeClient, acmeClient, type Reader } from './client.ts';
import { readExternalAccount } from './external-account.ts';
import { isRefusal, isRefusedAs } from './problem.ts';
import type { Transport } from './wire/transport.ts';

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
  { name, keyStore, readSecret, clock, log }: IssuerDeps,
  { transport, reader }: { readonly transport: Transport; readonly reader: Reader },
): AcmeAccount {
  let opened: Promise<AcmeClient> | undefined;
  let isTold = false;

  async function open(): Promise<AcmeClient> {
    const keyName = accountKeyName(config);
    const accountKey = await keyStore.accountKey(
      keyName,
      () => createKey('ecdsa-p256'),
      formerAccountKeyName(name, config),
    );
    const { directory: directoryUrl } = config;
    const client = acmeClient({ directoryUrl, accountKey, reader, transport, clock });
    await keyStore.showThumbprint(keyName, client.keyThumbprint);
    const account = config.externalAccountBinding
      ? await bind(client, config.externalAccountBinding.secret)
      : await client.register({ contact: config.contact, external: null });
    await tellContact(client, account);
    return client;
  }

  /** A binding may serve once and end in a week (Google's do); the account made with it stays. */
  async function bind(client: AcmeClient, secret: string): Promise<AccountAnswer> {
    const existing = await client.findAccount();
    if (existing) return existing;
    const external = readExternalAccount(secret, await readSecret(secret));
    try {
      return await client.register({ contact: config.contact, external });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // Used up, perhaps by a run beside this one with the same key.
      const made = await client.findAccount();
      if (made) return made;
      throw isRefusedAs(error, ...ofBinding) ? bindingRefused(secret, error) : error;
    }
  }

  /**
   * newAccount leaves the contact of an account that exists as it is (RFC 8555 §7.3.1). Asked only where the CA shows
   * another one: some keep none, and an account without one in the configuration may have its customer's.
   */
  async function tellContact(client: AcmeClient, { contact }: AccountAnswer): Promise<void> {
    const wanted = config.contact;
    if (wanted.length === 0 || contact === null || isSame(contact, wanted) || isTold) return;
    isTold = true;
    const fields = { stage: 'issue', issuer: name } as const;
    try {
      const after = await client.updateContact(wanted);
      if (after.contact !== null && isSame(after.contact, wanted)) {
        log.info('contact of the account changed', { ...fields, reason: wanted.join(', ') });
      } else {
        const shown = cleanText(after.contact?.join(', ') ?? 'nothing', 300);
        log.warn('the CA keeps another contact', { ...fields, reason: shown });
      }
    } catch (error) {
      // Certificates are issued all the same.
      if (!isCertkeepError(error)) throw error;
      log.warn('the CA does not take the contact', { ...fields, reason: error.message });
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

/** How CAs say that the binding itself is what they do not take (RFC 8555 §7.3.4). */
const ofBinding = ['unauthorized', 'externalAccountRequired', 'malformed'];

function bindingRefused(secret: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const message = `the CA does not take the external account binding of secret ${secret}, and has no account of certkeep's key: ${error.message}`;
  return new CertkeepError('ExternalAccountRefused', message, { cause: error.cause });
}

/** Addresses in another order, and hosts in another case, are the same. */
function isSame(one: readonly string[], other: readonly string[]): boolean {
  const inOrder = (each: readonly string[]) =>
    JSON.stringify(each.map((address) => address.toLowerCase()).sort());
  return inOrder(one) === inOrder(other);
}
