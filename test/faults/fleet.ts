import { operatorClient } from 'local-cloud/operator.ts';
import { parse, stringify } from 'yaml';
import { fleet } from '#local/demo/fleet.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import type { Place } from '#shared/place.ts';
import { targetMaker } from '#shared/targets/registry.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';
import type { Beginning, Setting } from './setting.ts';

/** The name that is proven over HTTP. */
const overHttp = 'status.example.net';

/** They would double the calls, each of which has its own cases. */
const notHere = ['app', 'login', 'login-rsa'];

const otherAccount = '222222222222';

/**
 * Changes the fleet of the demonstration: `api` has a new kind of key and is in an SNI list, so that it takes a new
 * certificate in ACM, which is added before the old one is removed and deleted. A listener of `blog` is in another account,
 * where a role must be assumed. One name of `api` is proven over HTTP, the CA has limits, and somebody has removed `docs`
 * from its listener.
 */
function changed(text: string): string {
  const written = parse(text);
  const { api, blog } = written.certificates;
  for (const id of notHere) delete written.certificates[id];
  const listener = api.targets[0].listener.replace('/api-alb/', '/plain-alb/');
  written.solvers.push({ type: 'alb-http01', listener, selector: { dnsNames: [overHttp] } });
  written.issuers['local-ca'].limits = { orders: '300 per 3h', certificatesPerNames: '5 per 7d' };
  blog.targets[0].listener = blog.targets[0].listener.replace(written.home.account, otherAccount);
  api.key = 'rsa-2048';
  api.targets[0].certificate = 'sni';
  return stringify(written);
}

const foreignTxt = [
  fleet.foreignTxt,
  { name: '_acme-challenge.example.org', value: 'another party' },
  { name: `_acme-challenge.${overHttp}`, value: 'a third party' },
];

export const fleetSetting: Setting = {
  name: 'fleet',
  summary:
    'The fleet of `npm start`: a certificate that exists nowhere (apex and wildcard, over a foreign default certificate and in an SNI list), one that expires in five days (RSA-2048, on an ALB and a Classic ELB), one whose names and key have changed (in an SNI list, on a new ARN, one name over HTTP), and a healthy one that somebody has taken out of its listener; two regions, two accounts, a CA with limits; values of somebody else at our challenge names.',
  configText: changed(fleet.configText),
  past: fleet.past
    .filter(({ id }) => !notHere.includes(id))
    .map((each) => (each.id === 'api' ? { ...each, key: 'ecdsa-p256' } : each)),
  renewed: ['api', 'blog', 'shop'],
  foreignTxt,
  challengeNames: [
    ...foreignTxt.map(({ name }) => name),
    '_acme-challenge.api.example.net',
    '_acme-challenge.docs.example.com',
  ],
  usualEvents: ['issued', 'served', 'expiring', 'listener-changed'],
  usualTroubles: ['ListenerChanged'],
  prepare: (beginning) => emptyList(beginning, 'docs'),
};

/** Somebody deployed a template without certificates for the list, which removed the certificate's entry. */
async function emptyList({ cloud, clock, landscape }: Beginning, id: string): Promise<void> {
  const { certificates, ...config } = landscape.config;
  const [first] = certificates.find((each) => each.id === id)?.targets ?? [];
  if (!first) throw new Error(`${id} is not in the configuration`);
  const clientOptionsFor = ({ region, account }: Place) =>
    clientOptions(operatorClient(cloud, region, account));
  const target = targetMaker(loadedTargets, { ...config, clock, clientOptionsFor })(first, id);
  const held = await target.readHeld();
  const wanted = { default: null, listed: [], unlisted: held.list, mayMakeRoom: false };
  await target.arrange(wanted, held);
}
