import { parse, stringify } from 'yaml';
import { type CertificateAuthority, createCertificateAuthority } from '#local/ca/x509.ts';
import { fleet, type Past } from '#local/fleet.ts';
import { putForeignTxt } from '#local/foreign-txt.ts';
import { seedCertificate } from '#local/seed.ts';
import { keepRsaKeys, reuseRsaKeys } from '#test/support/determinism.ts';
import { sdkDefaults } from '#test/support/sdk-defaults.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';
import { startWorld, usualConsistency, type World } from '#test/support/world.ts';
import type { StartedRun } from '#test/support/world-functions.ts';
import { countCryptoJobs, hurryRetries, whenIdle } from './idle.ts';

export type ForeignTxt = { readonly name: string; readonly value: string };

/** Values of somebody else at the names where certkeep publishes. */
export const foreignTxt: readonly ForeignTxt[] = [
  fleet.foreignTxt,
  { name: '_acme-challenge.example.org', value: 'another party' },
  { name: '_acme-challenge.status.example.net', value: 'a third party' },
];

/** Every name at which a challenge value of ours may stand. */
export const challengeNames = [
  ...foreignTxt.map(({ name }) => name),
  '_acme-challenge.api.example.net',
  '_acme-challenge.docs.example.com',
];

/** Names that are proven over HTTP. */
const overHttp = ['status.example.net'];

const otherAccount = '222222222222';

/**
 * The fleet of the demonstration, but that `api` has changed its key, too, and stands in an SNI list: it
 * takes a new certificate in ACM, which is added before the old one is taken out and deleted. And a
 * listener of `blog` is in another account, where a role has to be assumed. One name of `api` is proven over
 * HTTP, and the CA has limits.
 */
const configText = changed(fleet.configText);

function changed(text: string): string {
  const written = parse(text);
  const { api, blog } = written.certificates;
  const [name = ''] = overHttp;
  const listener = api.targets[0].listener.replace('/api-alb/', '/plain-alb/');
  written.solvers.push({ type: 'alb-http01', listener, selector: { dnsNames: [name] } });
  written.issuers['local-ca'].limits = { orders: '300 per 3h', certificatesPerNames: '5 per 7d' };
  blog.targets[0].listener = blog.targets[0].listener.replace(written.home.account, otherAccount);
  api.key = 'rsa-2048';
  api.targets[0].certificate = 'sni';
  return stringify(written);
}

export const past: readonly Past[] = fleet.past.map((each) =>
  each.id === 'api' ? { ...each, key: 'ecdsa-p256' } : each,
);

let authority: CertificateAuthority | undefined;

/** Once in a process, before the first world. */
export function prepareProcess(): void {
  Object.assign(process.env, sdkDefaults);
  keepRsaKeys();
  countCryptoJobs();
  hurryRetries();
}

/** The whole fleet, with its past, in this process: the same world each time, call by call. */
export function startFleetWorld(onStart: (run: StartedRun) => void): Promise<World> {
  reuseRsaKeys();
  return startWorld(configText, {
    mayDeny: true,
    clock: virtualClock(undefined, whenIdle),
    // Slow enough that everything is waited for, and quick enough that little of it is asked a third time.
    consistency: { ...usualConsistency, route53InsyncMs: 6_000, balancerSpreadMs: [2_000, 6_000] },
    orderly: { onStart },
    async prepare({ cloud, landscape: { config }, clock, names }) {
      authority ??= await createCertificateAuthority({ name: 'The Past', now: clock.now() });
      const ports = { cloud, clock, config, names, authority };
      for (const each of past) await seedCertificate(ports, each);
      for (const txt of foreignTxt) await putForeignTxt(cloud, config.home.region, txt);
    },
  });
}
