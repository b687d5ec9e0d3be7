import { S3Client } from '@aws-sdk/client-s3';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { operatorClient, sceneryClient } from 'local-cloud/operator.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { bindAt } from '#local/demo/bind-at.ts';
import { importCertificate } from '#local/demo/landscape/certificates.ts';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { certificateSecret } from '#shared/installation.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { Place } from '#shared/place.ts';
import { targetMaker } from '#shared/targets/registry.ts';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { leaveBehind } from '#test/support/leave-behind.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';
import type { World } from '#test/support/world.ts';
import type { Beginning, Setting } from './setting.ts';

const otherAccount = '222222222222';
const retiredPlace = `${otherAccount}/eu-central-1`;
const there = { account: otherAccount, region: 'us-east-1' };

const source = `${configText(`
  mail:
    names: [mail.example.com]
    issuer: local
    key: rsa-2048
    targets: [{type: clb, loadBalancer: mail}]
  post:
    names: [post.example.com]
    issuer: local
    targets: [{type: clb, loadBalancer: post, store: iam}]
  portal:
    names: [portal.example.net]
    issuer: local
    adopt: in-place
    targets:
      - {type: alb, listener: "${listenerArn('portal')}"}
      - {type: files, probe: portal.example.net, push: {document: certkeep-files, instances: [i-0123456789abcdef0]}}
  desk:
    names: [desk.example.net]
    issuer: local
    adopt: in-place
    targets: [{type: alb, listener: "${listenerArn('private-desk')}"}]
  news:
    names: [news.example.org]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('news')}"}]
  cdn:
    names: [cdn.example.org]
    issuer: local
    targets: [{type: cloudfront, distribution: E2QWRUHAPOMQZL}]
  api:
    names: [api.example.net, v2.example.net]
    issuer: local
    key: rsa-2048
    targets:
      - {type: api-gateway, domain: api.example.net}
      - {type: api-gateway, domain: v2.example.net}
  login:
    names: [login.example.com]
    issuer: local
    targets: [{type: acm, probe: login.example.com}]
  store:
    names: [store.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('store', '1', there)}", certificate: sni}]
`).replace(
  '  - type: route53\n',
  `  - type: route53
  - {type: alb-http01, listener: "${listenerArn('plain', 'a')}", rule: permanent, priority: 1, selector: {dnsNames: [portal.example.net]}}
`,
)}retired: {places: [${retiredPlace}, ${retiredPlace}/iam]}
places: {"123456789012/us-east-1": {probe: {subnets: [subnet-0a1b2c3d], securityGroups: [sg-0a1b2c3d]}}}
`;

/** The certificate's key may be used for more, which ACM does not let an ARN lose: ours is imported beside it. */
async function broaden(
  { cloud, clock, landscape }: Beginning,
  id: string,
  key: KeyAlgorithm = 'ecdsa-p256',
): Promise<void> {
  const { certificates, ...config } = landscape.config;
  const { names, targets } = certificateNamed(certificates, id);
  const keyUsages = ['digitalSignature', 'keyAgreement'] as const;
  const made = await makeCertificate({ names, key, keyUsages, now: clock.now() });
  const clientOptionsFor = ({ region, account }: Place) =>
    clientOptions(operatorClient(cloud, region, account));
  for (const each of targets) {
    const target = targetMaker(loadedTargets, { ...config, clock, clientOptionsFor })(each, id);
    const arn = await importCertificate(cloud, target.place, made);
    await bindAt(target, arn);
  }
}

function certificateNamed(certificates: readonly CertificateConfig[], id: string) {
  const found = certificates.find((each) => each.id === id);
  if (!found) throw new Error(`${id} is not in the configuration`);
  return found;
}

/** The secret has lost its replica, and sync has seen it. */
async function loseReplica(beginning: Beginning, id: string): Promise<void> {
  const { cloud, clock, landscape, names } = beginning;
  const { home, replicas } = landscape.config;
  const SecretId = certificateSecret(names.installation, id);
  const somebody = { ...home, account: homeAccount, accessKeyId: 'somebody' };
  const { RemoveRegionsFromReplication: remove } = cloud.secrets.operations;
  await remove?.({ SecretId, RemoveReplicaRegions: replicas }, somebody);
  const client = new S3Client(clientOptions(sceneryClient(cloud, home.region)));
  const objects = s3ObjectStore({ client, bucket: names.bucket, owner: home.account, clock });
  await s3Ledger({ objects, clock, writer: 'sync' }).update(id, (record) => ({
    ...record,
    replicas: Object.fromEntries(
      Object.entries(record.replicas).map(([region, replica]) => [
        region,
        { ...replica, secretInSync: false },
      ]),
    ),
  }));
}

const stuck = new WeakMap<World['cloud'], Date>();

/** The balancer of `news` keeps serving the same certificate until the rollback, or for three hours. */
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
    'What others have left: one that has ended, in whose place somebody has bound another one to its Classic ELB; one that is imported over a foreign one (`adopt: in-place`) proven through a permanent rule, and fetched by a host that is told, and one for which ACM refuses that, on an internal load balancer that is asked from inside of its network; a renewal that its endpoint does not serve, so that it is put back and deployed again; one in IAM that is renewed on a Classic ELB; a healthy one in another account, with remains in a retired place there, in ACM and in IAM, and a secret that has lost its replica; a distribution, two domain names of API Gateway and a published ARN, in whose places somebody has put another certificate.',
  configText: source,
  past: [
    // It ends a minute after it was made, which is before the first check.
    { id: 'mail', issuedDaysAgo: 90, endsInDays: 0 },
    { id: 'news', issuedDaysAgo: 85, endsInDays: 5 },
    { id: 'post', issuedDaysAgo: 85, endsInDays: 5 },
    { id: 'store', issuedDaysAgo: 20, endsInDays: 70 },
    { id: 'cdn', issuedDaysAgo: 20, endsInDays: 70 },
    { id: 'api', issuedDaysAgo: 20, endsInDays: 70 },
    { id: 'login', issuedDaysAgo: 20, endsInDays: 70 },
  ],
  renewed: ['desk', 'mail', 'news', 'portal', 'post'],
  foreignTxt: [],
  challengeNames: ['mail.example.com', 'desk.example.net', 'news.example.org'].map(
    (name) => `_acme-challenge.${name}`,
  ),
  usualEvents: [
    'issued',
    'served',
    'expiring',
    'rolled-back',
    'region-behind',
    'region-in-sync',
    'listener-changed',
  ],
  usualTroubles: ['Expired', 'EndpointContradicted', 'RegionBehind', 'ListenerChanged'],
  async prepare(beginning) {
    await broaden(beginning, 'desk');
    // Somebody has helped out with another certificate.
    await broaden(beginning, 'mail', 'rsa-2048');
    // CloudFront takes no second change while one is on its way.
    await beginning.clock.sleep(20 * minuteMs);
    for (const id of ['cdn', 'login']) await broaden(beginning, id);
    await broaden(beginning, 'api', 'rsa-2048');
    await leaveBehind(beginning, 'store', retiredPlace);
    await leaveBehind(beginning, 'store', `${retiredPlace}/iam`);
    await loseReplica(beginning, 'store');
    beginning.cloud.balancers.stick('news');
    stuck.set(beginning.cloud, beginning.clock.now());
  },
  meanwhile: unstick,
};
