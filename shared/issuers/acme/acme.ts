import { X509Certificate } from 'node:crypto';
import { CertkeepError } from '#shared/errors.ts';
import { revocationCodes } from '#shared/revocation-codes.ts';
import type { Issuer } from '../issuer.ts';
import type { IssuerDeps } from '../issuer-plugin.ts';
import { ownPage } from '../own-page.ts';
import type { IssuerConfig } from '../specs.ts';
import { acmeAccount } from './account.ts';
import { type AcmeAnswer, readAuthorization, readOrder } from './answers.ts';
import { chooseChain } from './chain/preferred-chain.ts';
import { type AcmeClient, acmeReader } from './client.ts';
import { isGone, isRefusedAs } from './problem.ts';
import { checkProfile, profilesOf } from './profile.ts';
import { askRenewalInfo } from './renewal-info.ts';
import { isOnHost } from './wire/pinned-url.ts';
import { parseRetryAfter } from './wire/retry-after.ts';
import { acmeTransport } from './wire/transport.ts';

/** A CA that speaks ACME (RFC 8555). It neither waits nor retries, except to replace a nonce. */
export function acmeIssuer(config: IssuerConfig & { type: 'acme' }, deps: IssuerDeps): Issuer {
  const { clock, log, name } = deps;
  const { host } = new URL(config.directory);
  const transport = acmeTransport({
    directoryUrl: config.directory,
    caBundle: config.caBundle,
    clock,
  });
  const reader = acmeReader(config.directory, transport, clock);
  const account = acmeAccount(config, deps, { transport, reader });

  return {
    newOrder: (names, replaces = null) =>
      account.run(async (client) => {
        const directory = await reader.directory();
        checkProfile(config.profile, directory);
        const order = {
          identifiers: names.map((value) => ({ type: 'dns', value })),
          ...(config.profile === undefined ? {} : { profile: config.profile }),
        };
        // RFC 9773 §5: only for a server with renewal information.
        const replaced = directory.renewalInfo === undefined ? null : replaces;
        const answer = await orderReplacing(client, order, replaced);
        const { newOrder: url } = await reader.directory();
        const asked = { url, clock, replaces: replaced };
        return readOrder(answer, answer.headers.location ?? '', asked);
      }),

    // The issuer may point to another CA than the one that issued the order.
    order: async (url) => {
      if (!isOnHost(url, host)) return null;
      return account
        .run(async (client) => readOrder(await client.post(url, null), url, { url, clock }))
        .catch((error) => {
          if (isUnknown(error)) return null;
          throw error;
        });
    },

    authorization: (url) =>
      account.run(async (client) => {
        const { keyThumbprint } = client;
        return readAuthorization(await client.post(url, null), { url, clock, keyThumbprint });
      }),

    // RFC 8555 §7.5.1: an empty object, not an empty payload.
    answer: (challengeUrl, published) =>
      account.run(async (client) => {
        // The CA would not find what it looks for, and fail the order.
        if (!published.endsWith(`.${client.keyThumbprint}`)) {
          const message = 'the key of the account was replaced after the challenge was read';
          throw new CertkeepError('AccountKeyChanged', message);
        }
        const { headers } = await client.post(challengeUrl, {});
        return { retryAfter: parseRetryAfter(headers['retry-after'], clock.now()) };
      }),

    finalize: (finalizeUrl, orderUrl, csr) =>
      account.run(async (client) =>
        readOrder(await client.post(finalizeUrl, { csr }), orderUrl, { url: finalizeUrl, clock }),
      ),

    certificate: (url) =>
      account.run(async (client) => {
        const { preferredChain } = config;
        const chain = await chooseChain(url, preferredChain, (each) => client.post(each, null));
        const { isPreferred, broken, ignored, ...issued } = chain;
        if (ignored.length > 0) {
          const reason = ignored.join('; ');
          log.warn('certificates outside of the chain ignored', {
            stage: 'issue',
            issuer: name,
            reason,
          });
        }
        if (!isPreferred) {
          const missing = `no chain ends at "${preferredChain}": took the CA's own choice`;
          const reason = [missing, ...broken].join('; ');
          log.warn('preferred chain not offered', { stage: 'issue', issuer: name, reason });
        }
        return issued;
      }),

    revoke: (certificatePem, code) =>
      account.run(async (client) => {
        const { revokeCert: url } = await reader.directory();
        if (url === undefined) {
          throw new CertkeepError('NotRevoked', 'the CA takes no revocations');
        }
        const certificate = new X509Certificate(certificatePem).raw.toString('base64url');
        await client.post(url, { certificate, reason: revocationCodes[code] }).catch((error) => {
          if (!isRefusedAs(error, 'alreadyRevoked')) throw error;
        });
      }),

    account: {
      keyInUse: account.keyInUse,
      replaceKey: account.replaceKey,
      deactivate: account.deactivate,
    },

    renewalInfo: async (renewalId) => {
      const info = await askRenewalInfo(reader, renewalId, clock);
      return info && { ...info, explanationUrl: ownPage(info.explanationUrl, config) };
    },

    about: () =>
      account.run(async (client) => {
        const directory = await reader.directory();
        return {
          accountUrl: client.accountUrl(),
          keyThumbprint: client.keyThumbprint,
          caaIdentities: directory.meta?.caaIdentities ?? [],
          profiles: profilesOf(directory),
          hasRenewalInfo: directory.renewalInfo !== undefined,
        };
      }),
  };

  /**
   * A CA may refuse the replacement that an order names: already replaced, by an order of ours that failed; unknown; or
   * another account's. Insisting would refuse every order until the certificate ends.
   */
  async function orderReplacing(
    client: AcmeClient,
    order: object,
    replaces: string | null,
  ): Promise<AcmeAnswer> {
    if (replaces === null) return client.newOrder(order);
    return client.newOrder({ ...order, replaces }).catch((error) => {
      if (!mayBeOfReplaces(error)) throw error;
      const { message } = error;
      log.warn('ordered without "replaces"', { stage: 'issue', issuer: name, reason: message });
      return client.newOrder(order);
    });
  }
}

/**
 * Boulder answers 409 alreadyReplaced (until 2025 conflict: https://github.com/go-acme/lego/pull/2475), 404 and 400
 * malformed, or 403 unauthorized. After a 500 it does not ask again at once: the next run orders without `replaces`.
 */
function mayBeOfReplaces(error: unknown): error is Error {
  const types = ['alreadyReplaced', 'conflict', 'malformed', 'unauthorized'];
  return error instanceof Error && isRefusedAs(error, ...types);
}

/**
 * Orders expire; after the CA lost an account, the new one may not read the old one's orders; and a CA with several
 * directories on one host may call another directory's order malformed.
 */
function isUnknown(error: unknown): boolean {
  return isGone(error) || isRefusedAs(error, 'unauthorized', 'malformed');
}
