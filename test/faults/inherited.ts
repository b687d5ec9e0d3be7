import { hourMs } from '#shared/clock.ts';
import { certificateSecret } from '#shared/keystores/secrets-manager/material.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { leaveBehind } from '#test/support/leave-behind.ts';
import type { World } from '#test/support/world.ts';
import type { Setting } from './setting.ts';

const retiredPlace = '222222222222/eu-central-1';

const source = `${configText(`
  mail:
    names: [mail.example.com]
    issuer: local
    key: rsa-2048
    targets: [{type: clb, loadBalancer: mail}]
  portal:
    names: [portal.example.net]
    issuer: local
    adopt: in-place
    targets: [{type: alb, listener: "${listenerArn('portal')}"}]
  news:
    names: [news.example.org]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('news')}"}]
  store:
    names: [store.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('store')}", certificate: sni}]
`).replace(
  '  - type: route53\n',
  `  - type: route53
  - {type: alb-http01, listener: "${listenerArn('plain', 'a')}", rule: permanent, selector: {dnsNames: [portal.example.net]}}
`,
)}retired: {places: [${retiredPlace}]}\n`;

const stuck = new WeakMap<World['cloud'], Date>();

/** The balancer of `news` serves what it has served until that has been put back, or for three hours. */
function unstick({ cloud, clock, record }: World): void {
  const since = stuck.get(cloud);
  if (!since) return;
  const states = Object.values(record('news').deployments).map(({ state }) => state);
  const isLong = clock.now().getTime() - since.getTime() > 3 * hourMs;
  if (!states.includes('rolled-back') && !isLong) return;
  stuck.delete(cloud);
  cloud.balancers.unstick('news');
}

export const inheritedSetting: Setting = {
  name: 'inherited',
  summary:
    'What others have left: a new certificate over a foreign one on a Classic ELB; one that is imported over a foreign one (`adopt: in-place`) and proven through a permanent rule; a renewal that its endpoint does not serve, so that it is put back and deployed again, and the replica of whose secret has failed; a healthy one with remains in a retired place of another account.',
  configText: source,
  past: [
    { id: 'news', issuedDaysAgo: 85, endsInDays: 5 },
    { id: 'store', issuedDaysAgo: 20, endsInDays: 70 },
  ],
  renewed: ['mail', 'news', 'portal'],
  foreignTxt: [],
  challengeNames: ['mail.example.com', 'portal.example.net', 'news.example.org'].map(
    (name) => `_acme-challenge.${name}`,
  ),
  usualEvents: ['issued', 'served', 'expiring', 'rolled-back'],
  async prepare(beginning) {
    const { cloud, clock, names, landscape } = beginning;
    await leaveBehind(beginning, 'store', retiredPlace);
    for (const region of landscape.config.replicas) {
      cloud.secrets.breakReplication(certificateSecret(names.installation, 'news'), region);
    }
    cloud.balancers.stick('news');
    stuck.set(cloud, clock.now());
  },
  meanwhile: unstick,
};
