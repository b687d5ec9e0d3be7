import { CertkeepError } from '#shared/errors.ts';
import type { Issuer, Order } from '../issuer.ts';
import type { SigningClient, SigningOrder } from './client.ts';

/** A CA without proofs of names: every order is ready at once, and every state can be read again by its URL. */
export function templateIssuer(server: string, client: SigningClient): Issuer {
  const base = `${server}/orders/`;
  const idOf = (url: string) => url.slice(base.length);

  function orderOf({ id, status }: SigningOrder): Order {
    const url = `${base}${id}`;
    return {
      url,
      status,
      authorizationUrls: [],
      finalizeUrl: url,
      certificateUrl: status === 'valid' ? url : null,
      isReplacing: false,
      problem: null,
      expires: null,
      retryAfter: null,
    };
  }

  return {
    newOrder: async (names) => orderOf(await client.create(names)),
    async order(url) {
      // Somebody may have changed the record to name another host.
      if (!url.startsWith(base)) return null;
      const found = await client.find(idOf(url));
      return found && orderOf(found);
    },
    authorization: () => Promise.reject(nothingToProve()),
    answer: () => Promise.reject(nothingToProve()),
    finalize: async (_, orderUrl, csr) => orderOf(await client.sign(idOf(orderUrl), csr)),
    async certificate(url) {
      const { certificatePem = null, chainPem = '' } = (await client.find(idOf(url))) ?? {};
      if (certificatePem !== null) return { certificatePem, chainPem };
      throw new CertkeepError('IssuerAnswerInvalid', `${url} has no certificate`);
    },
    about: async () => ({
      accountUrl: server,
      keyThumbprint: '',
      caaIdentities: [],
      profiles: null,
      hasRenewalInfo: false,
    }),
    revoke: () => Promise.reject(new CertkeepError('NotRevoked', 'this CA takes no revocations')),
    renewalInfo: async () => null,
    account: {
      keyInUse: async () => null,
      replaceKey: () => Promise.reject(notChanged()),
      deactivate: async () => undefined,
    },
  };
}

function notChanged(): CertkeepError {
  return new CertkeepError('AccountNotChanged', 'this CA has no accounts');
}

function nothingToProve(): CertkeepError {
  return new CertkeepError('IssuerAnswerInvalid', 'this CA has no authorizations');
}
