import type { IssuerConfig } from '#shared/config/config.ts';
import type { Issuer } from '../issuer.ts';
import { type AccountDeps, acmeAccount } from './account.ts';
import { readAuthorization, readOrder } from './answers.ts';
import { splitChain } from './chain.ts';
import { isRefusedAs, problemOf } from './problem.ts';
import { acmeTransport } from './transport.ts';

/** A CA that speaks ACME (RFC 8555). Nothing here waits or retries, except that a nonce is replaced. */
export function acmeIssuer(config: IssuerConfig & { type: 'acme' }, deps: AccountDeps): Issuer {
  const { clock } = deps;
  const { host } = new URL(config.directory);
  const transport = acmeTransport({
    directoryUrl: config.directory,
    caBundle: config.caBundle,
    clock,
  });
  const account = acmeAccount(config, deps, transport);

  return {
    identity: () => account.run((client) => client.identity()),

    newOrder: (names) =>
      account.run(async (client) => {
        const identifiers = names.map((value) => ({ type: 'dns', value }));
        const answer = await client.newOrder({ identifiers });
        return readOrder(answer, answer.headers.location ?? '', host, clock);
      }),

    // The issuer may be pointed at another CA than the one that gave the order.
    order: async (url) => {
      if (URL.parse(url)?.host !== host) return null;
      return account
        .run(async (client) => readOrder(await client.post(url, null), url, host, clock))
        .catch((error) => {
          if (isUnknown(error)) return null;
          throw error;
        });
    },

    authorization: (url) =>
      account.run(async (client) =>
        readAuthorization(await client.post(url, null), url, host, client.keyThumbprint),
      ),

    // RFC 8555 §7.5.1: an empty object, not an empty payload.
    answer: (challengeUrl) =>
      account.run(async (client) => {
        await client.post(challengeUrl, {});
      }),

    finalize: (finalizeUrl, orderUrl, csr) =>
      account.run(async (client) =>
        readOrder(await client.post(finalizeUrl, { csr }), orderUrl, host, clock),
      ),

    certificate: (url) =>
      account.run(async (client) => splitChain((await client.post(url, null)).data)),
  };
}

/** Orders expire; and after the account was lost the new one may not read those of the old. */
function isUnknown(error: unknown): boolean {
  const status = problemOf(error)?.status;
  return status === 404 || status === 410 || isRefusedAs(error, 'unauthorized');
}
