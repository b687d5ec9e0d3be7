import { expect, test } from 'vitest';
import { parsed, problemsOf } from '#test/support/config-yaml.ts';
import { problemOf } from '#test/support/mistakes.ts';

/** What people of other programs write, as far as it comes before the part in question. */
const start = `
home: {account: "123456789012", region: us-east-1}
issuers:
  le: {type: acme, directory: letsencrypt, termsOfServiceAgreed: true}
`;
const route53 = 'solvers: [{type: route53}]\n';

test('the 762 hours of a cert-manager resource are 31.75 days', () => {
  const { config } = parsed(`${start}${route53}certificates:
  cluster: {names: ["*.c1.example.com", c1.example.com], issuer: le, renewBeforeDays: 31.75}
`);
  expect(config.certificates[0]?.renewBeforeDays).toBe(31.75);
});

test('one certificate as default and in the list of a listener is one entry, not two', () => {
  const problem = problemOf(`${start}${route53}certificates:
  shop:
    names: [www.example.com]
    issuer: le
    targets:
      - {type: alb, listener: &l "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2"}
      - {type: alb, listener: *l, certificate: sni}
`);
  expect(problem).toMatchObject({
    path: 'certificates.shop.targets[1]',
    line: 12,
    excerpt: { text: '      - {type: alb, listener: *l, certificate: sni}' },
    fix: expect.stringContaining('Write one entry with "certificate: both"'),
  });
});

test.each([
  ['acmedns', ' (acme-dns)', 'are CNAMEs to acme-dns already'],
  ['rfc2136', ' (RFC 2136', 'Let _acme-challenge of each name be a CNAME into a zone of Route 53'],
  ['azureDNS', ' (Azure DNS)', 'hostedZoneId: Z…, cnameStrategy: follow'],
  ['dns_gd', ' (GoDaddy)', 'cnameStrategy: follow'],
  ['dns-ovh', ' (OVH)', 'cnameStrategy: follow'],
  ['hetzner', '', '"type: alb-http01"'],
])('the DNS service %s is refused with the way round it', (type, named, fix) => {
  const problem = problemOf(`${start}solvers:
  - {type: ${type}, secret: dns/service}
certificates:
  site: {names: [example.com], issuer: le}
`);
  expect(problem).toMatchObject({ path: 'solvers[0].type', line: 6, value: type });
  expect(problem.message).toContain(`is not supported${named}`);
  expect(problem.fix).toContain(fix);
});

test('a solver is written as in the advice for another DNS service', () => {
  const { config } = parsed(`${start}solvers:
  - {type: route53, hostedZoneId: Z0123456789ABCDEFGHIJ, cnameStrategy: follow}
certificates:
  site: {names: [example.com], issuer: le}
`);
  expect(config.solvers).toHaveLength(1);
});

test.each([
  ['dns_cf', 'cloudflare'],
  ['dns_aws', 'route53'],
  ['dns-route53', 'route53'],
  ['dns_ali', 'alidns'],
  ['dns_dp', 'dnspod'],
])('%s is meant for the solver %s', (written, type) => {
  const text = `${start}solvers: [{type: ${written}}]\ncertificates: {}\n`;
  expect(problemOf(text).fix).toBe(`Write "type: ${type}".`);
});

const certificate = `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: example-com}
spec:
  secretName: example-com-tls
  dnsNames: [example.com, "*.example.com"]
  issuerRef: {name: letsencrypt, kind: ClusterIssuer}
`;

test.each([
  ['', '"*.example.com"], issuer: letsencrypt, key: rsa-2048}}.'],
  ['  renewBefore: 762h0m0s\n', 'key: rsa-2048, renewBefore: 762h}}.'],
  ['  privateKey: {algorithm: ECDSA, size: 384}\n', 'issuer: letsencrypt, key: ecdsa-p384}}.'],
  ['  privateKey: {algorithm: ECDSA, rotationPolicy: Never}\n', 'letsencrypt, rotation: reuse}}.'],
  ['  privateKey: {size: 4096}\n', 'key: rsa-4096}}.'],
])('a Certificate of cert-manager is told as such, with its entry here: %j', (more, entry) => {
  const problem = problemOf(`${certificate}${more}`);
  expect(problem).toMatchObject({ path: 'kind', line: 2 });
  expect(problem.message).toContain('is a resource of cert-manager');
  expect(problem.fix).toContain(`certificates: {example-com: {names: [example.com, `);
  expect(problem.fix).toContain(entry);
  expect(problem.fix).toContain('docs/migrate-from-cert-manager.md');
});

test('the entry that is told for a Certificate is valid as it stands', () => {
  const [, entry] = /: (certificates: .*?\}\})\. /.exec(problemOf(certificate).fix) ?? [];
  const text = start.replace('  le:', '  letsencrypt:');
  expect(problemsOf(`${text}${route53}${entry}\n`)).toEqual([]);
});

test('the entry for a Certificate has nothing in it that is not well-formed', () => {
  const { fix } = problemOf(`apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: "a\\e[31m"}
spec: {dnsNames: ["b c", "ok.example.com", 7], issuerRef: {name: "x: y"}, renewBefore: 1e9h}
`);
  expect(fix).toContain('{…: {names: [ok.example.com], issuer: …, key: rsa-2048}}');
});

test.each([
  ['https://acme-v02.api.letsencrypt.org/directory', 'letsencrypt'],
  ['https://ca.example.com/acme/directory', 'https://ca.example.com/acme/directory'],
  ['"https://ca.example.com/ x"', '…'],
])('a ClusterIssuer of cert-manager is told with its entry: %s', (server, directory) => {
  const { fix } = problemOf(
    `apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {name: le}\nspec: {acme: {server: ${server}}}\n`,
  );
  expect(fix).toContain(`issuers: {le: {type: acme, directory: ${directory}}}.`);
});
