import { CertkeepError, errorMessage, isCertkeepError } from '#shared/errors.ts';
import type { Secret } from '#shared/secret.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { createKey } from '#shared/x509/csr.ts';
import { accountKeyName, formerAccountKeyName } from '../account-name.ts';
import type { IssuerAccount } from '../issuer.ts';
import type { IssuerDeps } from '../issuer-plugin.ts';
import type { IssuerConfig } from '../specs.ts';
import { type AccountAnswer, type AcmeClient, acmeClient, type Reader } from './client.ts';
import { readExternalAccount } from './external-account.ts';
import { isRefusal, isRefusedAs } from './problem.ts';
import { pinned } from './wire/pinned-url.ts';
import type { Transport } from './wire/transport.ts';

export type AcmeAccount = IssuerAccount & {
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
  const keyName = accountKeyName(config);
  let opened: Promise<AcmeClient> | undefined;
  let isTold = false;

  async function open(): Promise<AcmeClient> {
    let isNew = false;
    const clients = await storedClients(() => {
      isNew = true;
      return newKey();
    });
    // A key that has a successor is used as long as the CA knows it, and never to make an account.
    const known = clients.length > 1 ? await firstKnown(clients) : null;
    const client = known ?? latestOf(clients);
    const account = await accountOf(client, isNew);
    if (account === null) return open();
    await promoted(clients, client);
    await keyStore.showThumbprint(keyName, client.keyThumbprint);
    await tellContact(client, account);
    return client;
  }

  /** The account is made where there is none. Null where the key has got a successor meanwhile, which has the account. */
  async function accountOf(client: AcmeClient, isNew: boolean): Promise<AccountAnswer | null> {
    const external = config.externalAccountBinding;
    const existing = isNew && !external ? null : await client.findAccount();
    if (existing && !existing.isEnded) return existing;
    if (!isNew && (await keyStore.nextAccountKey(keyName, client.keyThumbprint))) return null;
    return external
      ? bind(client, external.secret)
      : client.register({ contact: config.contact, external: null });
  }

  /** One for the key in the key store, and for each that was stored to follow it. */
  async function storedClients(create = newKey): Promise<readonly AcmeClient[]> {
    const first = await keyStore.accountKey(keyName, create, formerAccountKeyName(name, config));
    const clients = [clientOf(first)];
    while (clients.length <= mostSuccessors) {
      const next = await keyStore.nextAccountKey(keyName, latestOf(clients).keyThumbprint);
      if (next === null) break;
      clients.push(clientOf(next));
    }
    return clients;
  }

  function clientOf(accountKey: Secret): AcmeClient {
    const { directory: directoryUrl } = config;
    return acmeClient({ directoryUrl, accountKey, reader, transport, clock });
  }

  /**
   * The last one of which the CA has an account: it has put that key into the place of those before. Null where it says of each
   * that it has none.
   */
  async function firstKnown(clients: readonly AcmeClient[]): Promise<AcmeClient | null> {
    const unclear: unknown[] = [];
    for (const client of clients.toReversed()) {
      const has = await client.hasAccount().catch((error) => {
        if (!isRefusal(error)) throw error;
        unclear.push(error);
        return false;
      });
      if (has) return client;
    }
    // It may have one: whoever takes another key now loses the account.
    if (unclear.length > 0) throw unclear[0];
    return null;
  }

  /** The run that replaced a key may have died before it made the next one the current one. */
  async function promoted(clients: readonly AcmeClient[], used: AcmeClient): Promise<AcmeClient> {
    const before = clients[clients.indexOf(used) - 1];
    if (before) await keyStore.promoteAccountKey(keyName, before.keyThumbprint);
    return used;
  }

  /** A binding may serve once and expire within a week (Google's do); the account that it created stays. */
  async function bind(client: AcmeClient, secret: string): Promise<AccountAnswer> {
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

  /** The account as it is at the CA now. Makes none. */
  async function located() {
    const clients = await storedClients(noKey).catch((error) => {
      if (error === keyMissing) return [];
      throw error;
    });
    return { clients, known: await firstKnown(clients) };
  }

  async function replaceKey(thumbprint: string): Promise<string> {
    const { clients, known } = await located();
    if (known === null) throw notChanged('the CA has no account with this key');
    if (known.keyThumbprint === thumbprint) {
      const { keyChange = '' } = await reader.directory();
      if (!URL.canParse(keyChange)) throw notChanged('the CA replaces no keys');
      const url = pinned(keyChange, config.directory);
      const next = await keyStore.storeNextAccountKey(keyName, thumbprint, newKey);
      await known.changeKey(url, next).catch(async (error) => {
        // The answer may be lost, or another run first: the CA knows.
        if (
          await clientOf(next)
            .hasAccount()
            .catch(() => false)
        )
          return;
        throw isRefusal(error) ? notChanged(error) : error;
      });
      await keyStore.promoteAccountKey(keyName, thumbprint);
      opened = undefined;
      return clientOf(next).keyThumbprint;
    }
    await promoted(clients, known);
    opened = undefined;
    return known.keyThumbprint;
  }

  async function deactivate(): Promise<void> {
    const { clients, known } = await located();
    if (known === null) {
      // An earlier run has deactivated it, and died before it could do this.
      if (clients.length > 0) await promoted(clients, latestOf(clients));
      return;
    }
    const { keyThumbprint } = known;
    await keyStore.storeNextAccountKey(keyName, keyThumbprint, newKey);
    await known.deactivate().catch(async (error) => {
      if (!(await known.hasAccount().catch(() => true))) return;
      throw isRefusal(error) ? notChanged(error) : error;
    });
    await keyStore.promoteAccountKey(keyName, keyThumbprint);
    opened = undefined;
  }

  /** Says whether another run has replaced the key of this client. */
  async function isReplaced({ keyThumbprint }: AcmeClient): Promise<boolean> {
    return latestOf(await storedClients()).keyThumbprint !== keyThumbprint;
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
    keyInUse: async () => (await located()).known?.keyThumbprint ?? null,
    replaceKey,
    deactivate,
    async run(work) {
      const account = client();
      try {
        return await work(await account);
      } catch (error) {
        const used = await account;
        const isLost = isRefusedAs(error, 'accountDoesNotExist');
        // CAs refuse a signature by a key that they no longer know with a type of their choice (RFC 8555 §6.2 names none).
        const isUnsigned = !isLost && isRefusal(error) && (await isReplaced(used));
        if (!isLost && !isUnsigned) throw error;
        // The CA lost the account, or knows another key of it: open it again, once. A second caller finds that done.
        if (opened === account) opened = undefined;
        return work(await client());
      }
    },
  };
}

const newKey = () => createKey('ecdsa-p256');

/** Where somebody only looks, no key is made. */
const keyMissing = new Error('there is no key of an account');

function noKey(): Secret {
  throw keyMissing;
}

/** More are never stored one after the other: a key is promoted before it gets a successor. */
const mostSuccessors = 3;

function latestOf(clients: readonly AcmeClient[]): AcmeClient {
  return clients[clients.length - 1] as AcmeClient;
}

function notChanged(cause: unknown): CertkeepError {
  const why = typeof cause === 'string' ? cause : errorMessage(cause);
  return new CertkeepError('AccountNotChanged', why, { cause });
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
