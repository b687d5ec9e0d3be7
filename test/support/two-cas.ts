import { X509Certificate } from 'node:crypto';
import { type AcmeCa, type AcmeCaOptions, startAcmeCa } from 'local-cloud/ca/acme-ca.ts';
import type { Reply } from 'local-cloud/ca/messages.ts';
import type { Misbehaviour } from 'local-cloud/ca/misbehaviour.ts';
import { createCertificateAuthority, makeKey } from 'local-cloud/ca/x509.ts';
import { type Faults, faultInjection } from 'local-cloud/faults.ts';
import { parse, stringify } from 'yaml';
import type { Version } from '#shared/ledger/record/record.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { startWorld, type World } from './world.ts';

export type TwoCas = {
  readonly world: World;
  /** Named `first` in the configuration. */
  readonly first: AcmeCa;
  /** Named `second`. */
  readonly second: AcmeCa;
  readonly secondFaults: Faults;
  close(): Promise<void>;
};

export type IssuerYaml = Readonly<Record<string, unknown>>;

/** The whole of certkeep with two CAs. `certificates` is YAML, indented by two. */
export async function twoCas(
  certificates: string,
  options: {
    readonly first?: Partial<AcmeCaOptions>;
    readonly second?: Partial<AcmeCaOptions>;
    readonly issuers?: { readonly first?: IssuerYaml; readonly second?: IssuerYaml };
  } = {},
): Promise<TwoCas> {
  const world = await startWorld(
    `
home: {account: "123456789012", region: us-east-1}
issuers:
  first: {type: acme, directory: "https://first.example/directory", termsOfServiceAgreed: true}
  second: {type: acme, directory: "https://second.example/directory", termsOfServiceAgreed: true}
solvers:
  - type: route53
certificates:
${certificates}`,
    { ca: options.first ?? {} },
  );
  const secondFaults = faultInjection();
  const { clock, cloud } = world;
  const resolver = cloud.dns.address;
  const second = await startAcmeCa({ clock, faults: secondFaults, resolver, ...options.second });
  await world.reconfigure((text) => {
    const config = parse(text);
    Object.assign(config.issuers.first, options.issuers?.first);
    const directory = { directory: second.directoryUrl, caBundle: second.rootPem };
    Object.assign(config.issuers.second, directory, options.issuers?.second);
    return stringify(config);
  });
  return {
    world,
    first: cloud.ca,
    second,
    secondFaults,
    async close() {
      await world.close();
      await second.close();
    },
  };
}

/** The certificate `shop`, issued by the first CA, and so many days before its end; null where it is not issued yet. */
export async function dueWith(daysLeft: number | null, first: IssuerYaml = {}): Promise<TwoCas> {
  const shop = '  shop: {names: [example.com], issuer: [first, second]}\n';
  const cas = await twoCas(shop, { first: { authzReuse: false }, issuers: { first } });
  if (daysLeft === null) return cas;
  await cas.world.check();
  cas.world.clock.advance((90 - daysLeft) * dayMs);
  return cas;
}

/** The version of a certificate that is in service. */
export function inService({ world }: TwoCas, id = 'shop'): Version {
  const { desired, versions } = world.record(id);
  const version = versions.find((each) => each.id === desired);
  if (!version) throw new Error(`${id} is not issued`);
  return version;
}

/** What has happened, each once: `critical: shop could not be issued: CaaForbids`. */
export function happened({ world }: { readonly world: World }): readonly string[] {
  return world.events().map(({ severity, summary }) => `${severity}: ${summary}`);
}

/** How many certificates a CA was asked to make. */
export function finalized(ca: AcmeCa): number {
  return ca.ledger().orders.filter(({ finalizedTimes }) => finalizedTimes > 0).length;
}

/** Answers to a kind of request with a problem, carrying nothing out. */
export function refusing(
  operation: string,
  problem: { readonly type: string; readonly status: number; readonly detail?: string },
  headers: Readonly<Record<string, string>> = {},
): Misbehaviour {
  const reply: Reply = {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: {
      type: `urn:ietf:params:acme:error:${problem.type}`,
      detail: problem.detail ?? `${operation} is refused`,
      status: problem.status,
    },
  };
  return { when: (request) => request.operation === operation, reply: () => reply };
}

/** An answer to a download. */
export function pemReply(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'application/pem-certificate-chain' }, body };
}

/** The same key and names, certified until yesterday. */
export async function expiredOf(pem: string): Promise<string> {
  const { publicKey, validFromDate } = new X509Certificate(pem);
  const authority = await createCertificateAuthority({ name: 'Odd', now: validFromDate });
  const leaf = await authority.issue({
    names: ['example.com'],
    publicKey,
    notBefore: addMs(validFromDate, -90 * dayMs),
    notAfter: addMs(validFromDate, -dayMs),
  });
  return `${leaf.certificatePem}${leaf.chainPem}`;
}

/** Leaf and chain of somebody else, for a key of somebody else. */
export async function oddLeaf(
  now: Date,
  change: { readonly expired?: true } = {},
): Promise<string> {
  const authority = await createCertificateAuthority({ name: 'Odd', now });
  const leaf = await authority.issue({
    names: ['example.com'],
    publicKey: makeKey('ecdsa-p256').publicKey,
    notBefore: addMs(now, -90 * dayMs),
    notAfter: addMs(now, change.expired ? -dayMs : 90 * dayMs),
  });
  return `${leaf.certificatePem}${leaf.chainPem}`;
}
