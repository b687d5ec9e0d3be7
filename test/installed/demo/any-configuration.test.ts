import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readBack } from '#local/demo/landscape.ts';
import { runFleet } from '#local/demo/run.ts';
import { startSetting } from '#local/demo/setting.ts';
import { isFull } from '#test/support/full.ts';

const account = '481204569913';
const listener = (name: string, region: string, owner = account) =>
  `arn:aws:elasticloadbalancing:${region}:${owner}:listener/app/${name}/50dc6c495c0c9188/0467ef3c8400ae65`;

const bound = (name: string, directory: string, more = '') => `
  ${name}:
    type: acme
    directory: ${directory}
    termsOfServiceAgreed: true
    contact: ["mailto:ops@certkeep.dev"]
    externalAccountBinding: {secret: ca/${name}-eab}
    ${more}`;

const everyIssuer = `
home: {account: "${account}", region: eu-central-1}
replicas: [eu-west-1]
installation: nordwind
alerts: {email: [ops@certkeep.dev], heartbeat: {secret: dead-man}}
issuers:
  letsencrypt: {type: acme, directory: letsencrypt, termsOfServiceAgreed: true, profile: tlsserver}
  short: {type: acme, directory: letsencrypt, termsOfServiceAgreed: true, profile: shortlived}
  trial: {type: acme, directory: letsencrypt-staging, termsOfServiceAgreed: true, staging: true}
${bound('google', 'google')}
${bound('zerossl', 'zerossl')}
${bound('sslcom', 'sslcom-ecc')}
${bound('actalis', 'actalis')}
solvers: [{type: route53}]
certificates:
  google: {names: [shop.example.com], issuer: [google, letsencrypt], targets: [{type: clb, loadBalancer: old}], key: rsa-2048}
  zerossl: {names: [zero.example.net], issuer: zerossl}
  sslcom: {names: [www.example.org, example.org], issuer: sslcom}
  actalis: {names: [actalis.example.net], issuer: actalis}
  short: {names: [short.example.com], issuer: short}
  trial: {names: [trial.example.com], issuer: trial, targets: [{type: alb, listener: "${listener('trial', 'eu-central-1')}"}]}
`;

const everySolver = `
home: {account: "${account}", region: eu-central-1}
alerts: {email: [ops@certkeep.dev]}
issuers:
  letsencrypt: {type: acme, directory: letsencrypt, termsOfServiceAgreed: true}
solvers:
  - {type: cloudflare, secret: dns/cloudflare}
  - {type: alidns, secret: dns/alidns, selector: {dnsZones: [example.cn]}}
  - {type: dnspod, secret: dns/dnspod, selector: {dnsZones: [example.net]}}
  - type: route53
    roleArn: arn:aws:iam::210987654321:role/certkeep-dns
    cnameStrategy: follow
    selector: {dnsZones: [example.org]}
  - type: route53
    hostedZoneId: Z0123456789ABCDEFGHIJ
    cnameStrategy: follow
    selector: {dnsZones: [example.co.uk]}
  - type: alb-http01
    listener: ${listener('plain', 'us-east-1').replace('0467ef3c8400ae65', '1578f04d9511bf76')}
    selector: {dnsNames: [www.example.com]}
certificates:
  cloudflare: {names: [bücher.example.com, "*.bücher.example.com"], issuer: letsencrypt, targets: [{type: alb, listener: "${listener('web', 'eu-central-1')}"}]}
  alidns: {names: [a.example.cn], issuer: letsencrypt}
  dnspod: {names: [d.example.net], issuer: letsencrypt}
  follow: {names: [deep.below.example.org], issuer: letsencrypt}
  zone: {names: [example.co.uk], issuer: letsencrypt}
  http:
    names: [www.example.com]
    issuer: letsencrypt
    adopt: in-place
    maintenance: {allow: [Mon 02:00-04:00], timeZone: Europe/Berlin}
    targets:
      - {type: alb, listener: "${listener('far', 'ap-southeast-2', '210987654321')}"}
      - {type: alb, listener: "${listener('far', 'ap-southeast-2', '730335182204')}", certificate: sni}
      - {type: nlb, listener: "${listener('mail', 'ap-southeast-2', '730335182204').replace('/app/', '/net/')}", certificate: both}
      - {type: nlb, listener: "${listener('mail', 'eu-central-1').replace('/app/', '/net/')}"}
      - {type: clb, loadBalancer: classic, region: us-east-1, account: "730335182204"}
    key: rsa-2048
`;

const inChina = `
home: {account: "${account}", region: cn-north-1}
alerts: {email: [ops@certkeep.dev]}
issuers:
  letsencrypt: {type: acme, directory: letsencrypt, termsOfServiceAgreed: true}
solvers: [{type: dnspod, secret: dns/dnspod}]
certificates:
  shop:
    names: [shop.example.cn]
    issuer: letsencrypt
    targets: [{type: alb, listener: "${listener('web', 'cn-northwest-1').replace('arn:aws:', 'arn:aws-cn:')}"}]
`;

const file = (path: string) => readFileSync(path, 'utf8');

const played: readonly (readonly [string, string])[] = [
  ['every issuer, with made-up external accounts', everyIssuer],
  ['every solver and every target, places in other accounts, windows', everySolver],
];
const more: readonly (readonly [string, string])[] = [
  ['China', inChina],
  ['certkeep.example.yaml', file('certkeep.example.yaml')],
  ['examples/three-regions.yaml', file('examples/three-regions.yaml')],
];

test.each(isFull ? [...played, ...more] : played)(
  'any valid configuration plays: %s',
  async (_, text) => {
    const lines: string[] = [];
    const setting = await startSetting({
      source: readBack(text) && { text, config: readBack(text).config },
      past: [],
      onLog: (name, line) => lines.push(`${name} ${line}`),
      onStep: () => undefined,
    });
    try {
      const { certificates, ok } = await runFleet(setting, () => undefined);
      const failed = certificates.filter(({ failure, served }) => failure || !served);
      expect(failed).toEqual([]);
      expect(ok).toBe(true);
      // The work of every part, such as the heartbeat, too.
      const errors = lines.filter((line) => /"level":"(WARN|ERROR)"/.test(line));
      expect(errors).toEqual([]);
    } finally {
      await setting.close();
    }
  },
  180_000,
);
