import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkedDraft } from '#cli/prepare/init/decide/checked-draft.ts';
import { configText, type Draft } from '#cli/prepare/init/decide/config-text.ts';
import { surveyOf } from '#cli/prepare/init/decide/survey.ts';
import type { Found } from '#cli/prepare/init/facts.ts';
import { nextSteps } from '#cli/prepare/init/next-steps.ts';
import { checkConfig } from '#infra/config-file.ts';
import {
  foundAccount,
  foundClassic,
  foundListener,
  home,
  importedCertificate,
} from '#test/support/found-account.ts';
import { now } from '#test/support/healthy.ts';

function draftOf(found: Found, change: Partial<Draft> = {}): Draft {
  const { candidates, unmanaged } = surveyOf(found);
  return {
    ...{ found, region: home.region, candidates, unmanaged, kept: 0, now },
    ...{ emails: ['ops@certkeep.dev'], hasAgreed: true },
    ...change,
  };
}

const { arn } = importedCertificate();
const cdn = 'arn:aws:cloudfront::123456789012:distribution/E2QWRUHAPOMQZL';
const domain = 'arn:aws:apigateway:us-east-1::/domainnames/api.example.com';
const foreign = importedCertificate({ arn: `${arn}2`, names: ['shop.example.net'] });
const found = foundAccount({
  certificates: [
    importedCertificate({ names: ['*.example.com', 'www.example.com'], usedBy: [cdn, domain] }),
    foreign,
  ],
  listeners: [
    foundListener('web', { default: arn, list: [foreign.arn] }),
    foundClassic('legacy', arn),
  ],
  unseen: [{ what: 'certificates in eu-west-1', why: 'AccessDenied:\nno right' }],
});

test('the file says where each part comes from, and what it leaves to others', () => {
  expect(configText(draftOf(found))).toBe(`\
# What certkeep keeps renewed, and where. \`npx certkeep init\` has written it on 2026-11-22, from what it
# found in account 123456789012. docs/configuration.md describes every key. Nothing secret belongs into this file.

# Where certkeep itself runs.
home:
  account: "123456789012"
  region: us-east-1

# Who hears of what happens. AWS asks every address to confirm before it sends anything.
alerts:
  email:
    - "ops@certkeep.dev"

# The certificate authority. While trying things out, write letsencrypt-staging: clients trust none of its certificates.
issuers:
  letsencrypt:
    type: acme
    directory: letsencrypt # https://acme-v02.api.letsencrypt.org/directory
    termsOfServiceAgreed: true # https://letsencrypt.org/repository/

# How certkeep proves that the names are yours: a TXT record in the public hosted zone of each.
solvers:
  - type: route53
    hostedZoneId: Z1
    selector:
      dnsZones: [example.com]

# The certificates, each under an id of yours: certkeep issues each anew, and binds it at the listeners below, where the
# imported one is now. "adopt: in-place" imports it over the present one instead, if it has the same kind of key.
certificates:
  wildcard-example-com:
    # Now arn:aws:acm:us-east-1:123456789012:certificate/1, ends on 2026-12-04.
    # API Gateway domain api.example.com (us-east-1) uses the present one too, and keeps it, unless you write "adopt: in-place".
    names:
      - "*.example.com"
      # www.example.com is covered by the wildcard.
    issuer: letsencrypt
    key: rsa-2048
    adopt: new-arn
    targets:
      # web:443 (us-east-1)
      - type: alb
        listener: arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/7765620000000000/1000000000000000
        certificate: default
      # legacy:443 (us-east-1)
      - type: clb
        loadBalancer: "legacy"
        port: 443
      # CloudFront E2QWRUHAPOMQZL
      - type: cloudfront
        distribution: E2QWRUHAPOMQZL

# Not managed, so that somebody has to renew it by other means:
# - shop.example.net, ends on 2026-12-04: no public hosted zone of this account holds shop.example.net.
# - certificates in eu-west-1 could not be looked at: AccessDenied:\\u{a}no right
`);
});

test('beside an installation it says that it must not take its place', () => {
  const text = configText(draftOf(found, { kept: 7 }));
  expect(text).toContain(
    '# certkeep keeps 7 here already. Put the certificates below into the file',
  );
  expect(checkConfig(text, 'certkeep.yaml')).toMatchObject({ ok: true });
});

test('the file is valid with the agreement, and not without', () => {
  expect(checkConfig(configText(draftOf(found)), 'certkeep.yaml')).toMatchObject({ ok: true });
  const text = configText(draftOf(found, { hasAgreed: false }));
  expect(text).not.toMatch(/^\s*termsOfServiceAgreed: true/m);
  expect(checkConfig(text, 'certkeep.yaml')).toMatchObject({
    ok: false,
    problems: [{ path: 'issuers.letsencrypt.termsOfServiceAgreed' }],
  });
});

test('a certificate that the checks refuse is left out, and the file says why', () => {
  const names = Array.from({ length: 101 }, (_, index) => `n${index}.example.com`);
  const large = importedCertificate({ arn: `${arn}3`, names });
  const listeners = [foundListener('web', { default: arn, list: [large.arn] })];
  const draft = draftOf(foundAccount({ certificates: [importedCertificate(), large], listeners }));
  expect(draft.candidates).toHaveLength(2);
  const { draft: kept, problems, text } = checkedDraft(draft, 'certkeep.yaml');
  expect(problems).toEqual([]);
  expect(kept.candidates.map(({ id }) => id)).toEqual(['www-example-com']);
  expect(text).toMatch(/^# - n0\.example\.com, ends on 2026-12-04: the checks refuse it: .*101/m);
});

test('what is wrong besides is no reason to leave a certificate out', () => {
  const draft = draftOf(found, { region: 'us-easst-1' });
  const { draft: kept, problems } = checkedDraft(draft, 'certkeep.yaml');
  expect(kept.candidates).toEqual(draft.candidates);
  expect(problems).toMatchObject([{ path: 'home.region' }]);
});

const label = fc.constantFrom('www', 'shop', 'xn--mnchen-3ya', 'yes', '1', 'a-b', '_acme');
const aName = fc
  .tuple(
    fc.boolean(),
    fc.array(label, { maxLength: 2 }),
    fc.constantFrom('example.com', 'no', 'example.net'),
  )
  .map(([isWild, labels, zone]) => [...(isWild ? ['*'] : []), ...labels, zone].join('.'));
const algorithms = ['RSA_2048', 'RSA_4096', 'EC_prime256v1', 'EC_secp521r1'];
const someCertificates = fc
  .array(
    fc.record({ names: fc.array(aName, { maxLength: 4 }), key: fc.nat(3), position: fc.nat(3) }),
    {
      ...{ minLength: 1, maxLength: 6 },
    },
  )
  .map((all) =>
    all.map(({ key, names, position }, index) => ({
      position,
      certificate: importedCertificate({
        ...{ arn: `${arn}${index}`, names, keyAlgorithm: algorithms[key] ?? 'RSA_2048' },
      }),
    })),
  );

test('whatever is found, what is written passes the checks', () => {
  fc.assert(
    fc.property(someCertificates, fc.string({ unit: 'binary' }), (all, why) => {
      const listed = all
        .filter(({ position }) => position > 1)
        .map(({ certificate }) => certificate.arn);
      const first = all.find(({ position }) => position === 0)?.certificate.arn ?? null;
      const account = foundAccount({
        certificates: all.map(({ certificate }) => certificate),
        listeners: [
          foundListener('web', { default: first, list: listed }),
          ...all
            .filter(({ position }) => position === 1)
            .map(({ certificate }, index) => foundClassic(`classic-${index}`, certificate.arn)),
        ],
        unseen: [{ what: 'zones', why }],
      });
      const { draft, problems, text } = checkedDraft(draftOf(account), 'certkeep.yaml');
      fc.pre(draft.candidates.length > 0);
      expect(problems).toEqual([]);
      const checked = checkConfig(text, 'certkeep.yaml');
      expect(
        checked.ok ? checked.config.certificates.map(({ id }) => id) : checked.problems,
      ).toEqual(draft.candidates.map(({ id }) => id));
    }),
    { numRuns: 40 },
  );
});

test('beside a kept local cloud the steps lead to a cloud that plays the file, in 80 columns', () => {
  const checked = checkedDraft(draftOf(found), 'certkeep.yaml');
  const local = nextSteps(checked, { isLocal: true, out: 'certkeep.yaml' });
  expect(local).toMatch(
    /\n {2}npx certkeep doctor --local --config certkeep\.yaml\n {2}npm start -- --keep --config certkeep\.yaml .*\n {2}npx certkeep status --local\nNext: npx certkeep validate$/,
  );
  expect(local).not.toContain('cdk');
  expect(local.split('\n').filter((line) => line.length > 80)).toEqual([]);
  const onAws = nextSteps(checked, { isLocal: false, out: 'certkeep.yaml' });
  expect(onAws).toContain('\n  npx cdk deploy --all\n  npx certkeep status\n');
  expect(onAws).not.toContain('--local');
});
