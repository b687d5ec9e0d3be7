import { expect, test } from 'vitest';
import { readBack } from '#local/demo/landscape.ts';
import { paceText, standIns } from '#local/demo/stand-ins.ts';
import { configYaml, parsed } from '#test/support/config-yaml.ts';

const account = '481204569913';
const listener = (name: string, region: string, owner = account) =>
  `arn:aws:elasticloadbalancing:${region}:${owner}:listener/app/${name}/50dc6c495c0c9188/0467ef3c8400ae65`;

function configOf(more: string) {
  return readBack(`
home: {account: "${account}", region: eu-central-1}
replicas: [eu-west-1]
alerts: {email: [ops@certkeep.dev, night@certkeep.dev], heartbeat: {secret: dead-man}}
issuers:
  letsencrypt: {type: acme, directory: letsencrypt, termsOfServiceAgreed: true}
  google:
    type: acme
    directory: https://dv.acme-v02.api.pki.goog/directory
    termsOfServiceAgreed: true
    externalAccountBinding: {secret: ca/google-eab}
solvers:
  - {type: cloudflare, secret: dns/cloudflare}
  - type: route53
    roleArn: arn:aws:iam::210987654321:role/certkeep-dns
    selector: {dnsZones: [example.net]}
  - {type: alb-http01, listener: "${listener('web', 'eu-central-1')}", selector: {dnsNames: [www.example.org]}}
certificates:
${more}`).config;
}

test('it says what stands in for what, a line each', () => {
  const config = configOf(`
  www: {names: [www.example.com], issuer: letsencrypt, targets: [{type: alb, listener: "${listener('a', 'eu-central-1')}"}]}
  far: {names: [far.example.net], issuer: [google, letsencrypt], targets: [{type: alb, listener: "${listener('b', 'us-east-1', '730335182204')}"}]}
`);
  expect(standIns(config, 'the local CA')).toEqual([
    'letsencrypt (acme-v02.api.letsencrypt.org) -> the local CA',
    'google (dv.acme-v02.api.pki.goog) -> the local CA',
    'staging of letsencrypt -> another CA in this process',
    'DNS at cloudflare -> a local Route 53 zone',
    'zones of other accounts -> local Route 53 zones',
    'HTTP listeners of solvers -> local load balancers',
    'ACM and load balancers in 2 places -> local ones, on high ports',
    'external account of google -> made up',
    'the heartbeat service -> one that answers here',
    'mail to 2 addresses -> printed here',
  ]);
  expect(paceText(config)).toBeNull();
});

test('it says how long many imports take', () => {
  const many = Array.from(
    { length: 300 },
    (_, index) =>
      `  site-${index}: {names: [site-${index}.example.com], issuer: letsencrypt, targets: [{type: clb, loadBalancer: lb-${index}}], key: rsa-2048}`,
  );
  expect(paceText(configOf(many.join('\n')))).toBe(
    "300 imports at ACM's pace of one a second for each account and region take about 6 minutes.",
  );
});

test('a topic and a key of the user are local ones', () => {
  const { config } = parsed(
    configYaml({
      alerts: 'alerts: {snsTopic: "arn:aws:sns:us-east-1:123456789012:ops"}',
      retired:
        'keyStore: {kmsKey: "arn:aws:kms:us-east-1:123456789012:key/mrk-0f1e2d3c4b5a4987a6b5c4d3e2f1a0b9"}',
    }),
  );
  expect(standIns(config, 'the local CA').slice(-2)).toEqual([
    'your KMS key for the secrets -> a local one',
    'your SNS topic -> a local one',
  ]);
});
