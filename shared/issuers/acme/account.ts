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
  /** Calls `work` with a client that signs with the account, which is created if it does not exist. */
  run<T>(work: (client: AcmeClient) => Promise<T>): Promise<T>;
};

export type AccountConfig = Pick<
  IssuerConfig & { type: 'acme' },
  'directory' | 'contact' | 'externalAccountBinding'
>;

/**
 * Uses one key per CA and binding, whatever the name of the issuer. The key is stored before newAccount, and the CA finds
 * the account by it.
 */
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

  /** A binding may serve once and expire within a week (Google's do); the account that it created stays. */
  async function bind(client: AcmeClient, secret: string): Promise<AccountAnswer> {
    const existing = await client.findAccount();
    if (existing) return existing;
    const external = readExternalAccount(secret, await readSecret(secret));
    try {
      return await client.register({ contact: config.contact, external });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // The binding is used, perhaps by a concurrent run with the same key.
      const made = await client.findAccount();
      if (made) return made;
      throw isRefusedAs(error, ...ofBinding) ? bindingRefused(secret, error) : error;
    }
  }

  /**
   * newAccount does not change the contact of an existing account (RFC 8555 §7.3.1). This asks only where the CA shows
   * another contact: some CAs keep none, and an account without one in the configuration may have its customer's.
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
      // Certificates are issued even if this fails.
      if (!isCertkeepError(error)) throw error;
      log.warn('the CA does not take the contact', { ...fields, reason: error.message });
    }
  }

  /** Only one registration runs at a time; a failed one is not remembered. */
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
        // The CA lost the account: register the same key again, once. A second caller finds that done.
        if (opened === account) opened = undefined;
        return work(await client());
      }
    },
  };
}

/** Types with which CAs refuse the binding itself (RFC 8555 §7.3.4). */
const ofBinding = ['unauthorized', 'externalAccountRequired', 'malformed'];

function bindingRefused(secret: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const message = `the CA does not take the external account binding of secret ${secret}, and has no account of certkeep's key: ${error.message}`;
  return new CertkeepError('ExternalAccountRefused', message, { cause: error.cause });
}

/** The order of addresses and the case of hosts do not matter. */
function isSame(one: readonly string[], other: readonly string[]): boolean {
  const inOrder = (each: readonly string[]) =>
    JSON.stringify(each.map((address) => address.toLowerCase()).sort());
  return inOrder(one) === inOrder(other);
}
