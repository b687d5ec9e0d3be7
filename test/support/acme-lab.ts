import { type AcmeCa, type AcmeCaOptions, startAcmeCa } from 'local-cloud/ca/acme-ca.ts';
import { type Faults, faultInjection } from 'local-cloud/faults.ts';
import { createZone } from 'local-cloud/kit/local-dns.ts';
import type { IssuedChain, Issuer, Order, OrderStatus } from '#shared/issuers/issuer.ts';
import type { IssuerDeps } from '#shared/issuers/issuer-plugin.ts';
import { createIssuer } from '#shared/issuers/registry.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { Secret } from '#shared/secret.ts';
import type { Solver } from '#shared/solvers/solver.ts';
import { waitUntilPublished } from '#shared/solvers/solver.ts';
import { addMs, type Clock, minuteMs } from '#shared/time/clock.ts';
import { createCsr, createKey } from '#shared/x509/csr.ts';
import { accountKeys } from './account-keys.ts';
import { issuerDeps } from './issuer-deps.ts';
import { loadedIssuers } from './loaded-issuers.ts';
import { type Route53Lab, route53Lab } from './route53-lab.ts';

export type AcmeLab = {
  readonly ca: AcmeCa;
  readonly dns: Route53Lab;
  /** Of the CA. */
  readonly faults: Faults;
  /** A process of its own; they share the account key. */
  issuer(change?: Partial<IssuerChange>): Issuer;
  close(): Promise<void>;
};

/** What differs from `issuerConfig`, and what the issuer is given. */
type IssuerChange = IssuerConfig & { readonly deps: Partial<IssuerDeps> };

/** The ACME CA, the DNS it validates over with the zone example.com, and Route 53 behind that. */
export async function acmeLab(options: Partial<AcmeCaOptions> = {}): Promise<AcmeLab> {
  const dns = await route53Lab();
  createZone(dns.dns, 'example.com');
  const faults = faultInjection();
  const { clock } = dns;
  const ca = await startAcmeCa({ clock, faults, resolver: dns.server.address, ...options });
  const keyStore = accountKeys();
  return {
    ca,
    dns,
    faults,
    issuer: ({ deps, ...config } = {}) =>
      createIssuer(
        loadedIssuers,
        { ...issuerConfig(ca), ...config },
        issuerDeps({ keyStore, clock, ...deps }),
      ),
    async close() {
      await ca.close();
      await dns.close();
    },
  };
}

export function issuerConfig(ca: { readonly directoryUrl: string; readonly rootPem: string }) {
  return {
    type: 'acme' as const,
    directory: ca.directoryUrl,
    termsOfServiceAgreed: true as const,
    contact: ['mailto:ops@example.com'],
    caBundle: ca.rootPem,
  };
}

/** The shortest way through an order: what the issue stage does with a ledger in between. */
export async function obtain(
  issuer: Issuer,
  solver: Solver,
  clock: Clock,
  names: readonly string[],
): Promise<IssuedChain & { keyPem: Secret; order: Order }> {
  const order = await issuer.newOrder(names);
  await authorize(issuer, solver, clock, order);
  const ready = await settled(issuer, clock, order, 'pending');
  const keyPem = createKey('ecdsa-p256');
  const csr = createCsr(keyPem, names);
  const finalized =
    ready.status === 'ready'
      ? await issuer.finalize(ready.finalizeUrl ?? '', ready.url, csr)
      : ready;
  const valid = await settled(issuer, clock, finalized, 'processing');
  return { ...(await issuer.certificate(valid.certificateUrl ?? '')), keyPem, order: valid };
}

export async function authorize(
  issuer: Issuer,
  solver: Solver,
  clock: Clock,
  order: Order,
): Promise<void> {
  const challenges = [];
  for (const url of order.authorizationUrls) {
    const { status, name, challenges: offered } = await issuer.authorization(url);
    const challenge = offered.find(({ type }) => type === 'dns-01');
    if (status === 'valid' || !challenge) continue;
    challenges.push({ name: `_acme-challenge.${name.replace(/^\*\./, '')}`, challenge });
  }
  if (challenges.length === 0) return;
  const { zoneId } = await solver.zoneFor(challenges[0]?.name ?? '');
  const values = challenges.map(({ name, challenge }) => ({
    name,
    value: challenge.keyAuthorizationDigest,
  }));
  const handle = await solver.publish(zoneId, values);
  const deadline = addMs(clock.now(), minuteMs);
  await waitUntilPublished(solver, handle, clock, {
    since: clock.now(),
    everyMs: 1_000,
    deadline,
  });
  for (const { challenge } of challenges)
    await issuer.answer(challenge.url, challenge.keyAuthorization);
}

/** Reads the order until it has left the given status. */
export async function settled(
  issuer: Issuer,
  clock: Clock,
  order: Order,
  leaving: OrderStatus,
): Promise<Order> {
  let seen = order;
  for (let looks = 0; seen.status === leaving && looks < 60; looks += 1) {
    await clock.sleep(1_000);
    seen = (await issuer.order(order.url)) ?? seen;
  }
  return seen;
}
