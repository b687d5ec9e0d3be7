import { createHash, randomUUID } from 'node:crypto';
import { readCsr } from 'local-cloud/ca/csr.ts';
import { makeKey } from 'local-cloud/ca/x509.ts';
import { sharedCa } from 'local-cloud/kit/certificates.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Authorization, Challenge, Issuer, Order } from '#shared/issuers/issuer.ts';
import { addMs, type Clock, dayMs, hourMs } from '#shared/time/clock.ts';

export type MemoryIssuer = {
  readonly issuer: Issuer;
  readonly counts: { orders: number; certificates: number; requests: number };
};

type Proof = { readonly name: string; readonly token: string; status: 'pending' | 'valid' };

const keyThumbprint = 'thumbprint'.padEnd(43, '0');

/** A CA without a wire: it answers after `takesMs`, and looks for a value the moment that it is told to. */
export function memoryIssuer(options: {
  readonly clock: Clock;
  readonly takesMs: number;
  readonly challenge: 'dns-01' | 'http-01';
  /** What the public gets for a name: its TXT values, or what its token is answered with. */
  readonly visible: (name: string, token: string) => readonly string[];
}): MemoryIssuer {
  const { clock, takesMs, challenge: type, visible } = options;
  const counts = { orders: 0, certificates: 0, requests: 0 };
  const proofs = new Map<string, Proof>();
  const orders = new Map<
    string,
    { names: readonly string[]; urls: readonly string[]; pem: string }
  >();
  const chains = new Map<string, string>();

  async function asked(): Promise<void> {
    counts.requests += 1;
    await clock.sleep(takesMs);
  }

  function challengeOf(url: string, { token, status }: Proof): Challenge {
    const keyAuthorization = `${token}.${keyThumbprint}`;
    const digest = createHash('sha256').update(keyAuthorization).digest('base64url');
    const base = { url, type, status, token, problem: null };
    return { ...base, keyAuthorization, keyAuthorizationDigest: digest };
  }

  function orderOf(url: string): Order {
    const found = orders.get(url);
    if (!found) throw new CertkeepError('IssuerAnswerInvalid', 'no such order');
    const isReady = found.urls.every((each) => proofs.get(each)?.status === 'valid');
    const status = found.pem ? 'valid' : isReady ? 'ready' : 'pending';
    return {
      url,
      status,
      authorizationUrls: found.urls,
      finalizeUrl: `${url}/finalize`,
      certificateUrl: found.pem ? `${url}/certificate` : null,
      isReplacing: false,
      problem: null,
      expires: addMs(clock.now(), 7 * dayMs),
      retryAfter: null,
    };
  }

  const issuer: Issuer = {
    about: async () => ({
      accountUrl: 'https://ca.example/acct/1',
      keyThumbprint,
      caaIdentities: [],
      profiles: null,
      hasRenewalInfo: false,
    }),
    revoke: async () => undefined,
    renewalInfo: async () => null,
    account: {
      keyInUse: async () => keyThumbprint,
      replaceKey: async () => keyThumbprint,
      deactivate: async () => undefined,
    },
    async newOrder(names) {
      await asked();
      counts.orders += 1;
      const url = `https://ca.example/order/${counts.orders}`;
      const urls = names.map((name, at) => {
        const authorization = `${url}/authz/${at}`;
        proofs.set(authorization, { name, token: randomUUID(), status: 'pending' });
        return authorization;
      });
      orders.set(url, { names, urls, pem: '' });
      return orderOf(url);
    },
    async order(url) {
      await asked();
      return orderOf(url);
    },
    async authorization(url): Promise<Authorization> {
      await asked();
      const proof = proofs.get(url) as Proof;
      const challenges = [challengeOf(url, proof)];
      const { name, status } = proof;
      return { url, name, status, challenges, expires: null, retryAfter: null };
    },
    async answer(url) {
      await asked();
      const proof = proofs.get(url) as Proof;
      const { keyAuthorization, keyAuthorizationDigest } = challengeOf(url, proof);
      const wanted = type === 'dns-01' ? keyAuthorizationDigest : keyAuthorization;
      if (!visible(proof.name, proof.token).includes(wanted)) {
        throw new CertkeepError('OrderInvalid', `${proof.name}: the value is not there`);
      }
      proof.status = 'valid';
      return { retryAfter: null };
    },
    async finalize(_, url, csr) {
      await asked();
      const order = orders.get(url) as {
        names: readonly string[];
        urls: readonly string[];
        pem: string;
      };
      const publicKey = await readCsr(csr, order.names.toSorted(), makeKey('ecdsa-p256').publicKey);
      const notBefore = addMs(clock.now(), -hourMs);
      const notAfter = addMs(notBefore, 90 * dayMs);
      const ca = await sharedCa();
      const issued = await ca.issue({ names: order.names, publicKey, notBefore, notAfter });
      counts.certificates += 1;
      order.pem = issued.certificatePem;
      chains.set(url, issued.chainPem);
      return orderOf(url);
    },
    async certificate(url) {
      await asked();
      const order = url.replace('/certificate', '');
      return {
        certificatePem: orders.get(order)?.pem ?? '',
        chainPem: chains.get(order) ?? '',
      };
    },
  };
  return { issuer, counts };
}
