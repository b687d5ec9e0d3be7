import https from 'node:https';
import acme from 'acme-client';
import { type AcmeCa, type AcmeCaOptions, startAcmeCa } from '../ca/acme-ca.ts';
import { makeKey } from '../ca/x509.ts';
import { type Faults, faultInjection } from '../faults.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { apply, change, createZone, localDns, type Route53 } from './local-dns.ts';

export type AcmeWorld = {
  readonly ca: AcmeCa;
  readonly clock: VirtualClock;
  readonly dns: Route53;
  readonly zoneId: string;
  readonly faults: Faults;
  /** A client with a fresh account key, registered. */
  client(): Promise<acme.Client>;
  close(): Promise<void>;
};

/** The local CA, asking the local DNS about `example.com`; clients trust its root. */
export async function acmeWorld(options: Partial<AcmeCaOptions> = {}): Promise<AcmeWorld> {
  const { clock, dns, server } = await localDns();
  const zoneId = createZone(dns, 'example.com');
  const faults = faultInjection();
  const resolver = server.address;
  // acme-client waits in real time, which does not move the clock of the CA.
  const ca = await startAcmeCa({ clock, faults, resolver, finalizeMs: 0, ...options });
  const agent = new https.Agent({ ca: ca.rootPem, keepAlive: true });
  acme.axios.defaults.httpsAgent = agent;
  // The client would sleep for the time of a 429 and hide what the CA said.
  (acme.axios.defaults as { acmeSettings?: object }).acmeSettings = { retryMaxAttempts: 0 };
  return {
    ca,
    clock,
    dns,
    zoneId,
    faults,
    async client() {
      const client = new acme.Client({
        directoryUrl: ca.directoryUrl,
        accountKey: makeKey('ecdsa-p256').keyPem,
        // Between polls; the virtual clock moves on by itself.
        backoffMin: 10,
        backoffMax: 20,
        backoffAttempts: 200,
      });
      await client.createAccount({ termsOfServiceAgreed: true });
      return client;
    },
    async close() {
      agent.destroy();
      await ca.close();
      await server.close();
    },
  };
}

export async function order(client: acme.Client, ...names: string[]): Promise<acme.Order> {
  return await client.createOrder({ identifiers: names.map((value) => ({ type: 'dns', value })) });
}

/** Puts the answers of an order for example.com and its wildcard in place and waits for validity. */
export async function authorize(world: AcmeWorld, client: acme.Client, asked: acme.Order) {
  const authorizations = await client.getAuthorizations(asked);
  const pending = authorizations.filter(({ status }) => status === 'pending');
  const values = await Promise.all(
    pending.map((each) => client.getChallengeKeyAuthorization(dns01(each))),
  );
  const name = `_acme-challenge.${pending[0]?.identifier.value}`;
  const quoted = values.map((value) => `"${value}"`);
  if (quoted.length > 0) apply(world.dns, world.zoneId, change('UPSERT', name, 'TXT', quoted));
  for (const each of pending) {
    await client.completeChallenge(dns01(each));
    await client.waitForValidStatus(each);
  }
}

export async function csrFor(...names: string[]): Promise<Buffer> {
  const [, csr] = await acme.crypto.createCsr({ altNames: names }, makeKey('ecdsa-p256').keyPem);
  return csr;
}

export function dns01(authorization: acme.Authorization) {
  const found = authorization.challenges.find(({ type }) => type === 'dns-01');
  if (!found) throw new Error('no dns-01 challenge');
  return found;
}
