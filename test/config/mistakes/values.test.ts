import { expect, test } from 'vitest';
import { certificatesYaml } from '#test/support/config-yaml.ts';
import {
  issuerYaml,
  letsencrypt,
  listenerArn,
  problemOf,
  type Row,
  shopWith,
} from '#test/support/mistakes.ts';

const solver = (fields: string) => ({ solvers: `solvers: [{${fields}}]` });
const target = (fields: string) => ({
  certificates: certificatesYaml({ shop: { key: 'rsa-2048', targets: `[{${fields}}]` } }),
});
const listener = (arn: string) => target(`type: alb, listener: "${arn}"`);
const times = (fields: string) => ({ retired: `maintenance: {${fields}}` });
const balancer = listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/[^/]*$/, '');

const rows: readonly Row[] = [
  // Issuers.
  [
    'a CA as the type',
    {
      issuers: issuerYaml('type: letsencrypt, directory: letsencrypt, termsOfServiceAgreed: true'),
    },
    'issuers.letsencrypt.type',
    'is not acme',
    'Write "type: acme" and "directory: letsencrypt".',
  ],
  [
    'an unknown type',
    { issuers: issuerYaml('type: vault, directory: letsencrypt, termsOfServiceAgreed: true') },
    'issuers.letsencrypt.type',
    'is not acme',
    'every issuer speaks ACME',
  ],
  [
    'no terms',
    { issuers: issuerYaml('type: acme, directory: letsencrypt') },
    'issuers.letsencrypt.termsOfServiceAgreed',
    'is missing',
    '(https://letsencrypt.org/repository/); if you agree, write "termsOfServiceAgreed: true"',
  ],
  [
    'terms of a CA that is not known',
    {
      issuers: issuerYaml(
        'type: acme, directory: https://ca.example.com/directory, termsOfServiceAgreed: no',
      ),
    },
    'issuers.letsencrypt.termsOfServiceAgreed',
    'must be true',
    'Read the terms of the CA; if',
  ],
  [
    'a mistyped CA',
    { issuers: issuerYaml('type: acme, directory: lets-encrypt, termsOfServiceAgreed: true') },
    'issuers.letsencrypt.directory',
    'neither',
    'Did you mean "letsencrypt"?',
  ],
  [
    'a host alone',
    {
      issuers: issuerYaml(
        'type: acme, directory: acme-v02.api.letsencrypt.org, termsOfServiceAgreed: true',
      ),
    },
    'issuers.letsencrypt.directory',
    'neither',
    'Did you mean "letsencrypt"?',
  ],
  [
    'no TLS',
    {
      issuers: issuerYaml(
        'type: acme, directory: "http://ca.example.com/directory", termsOfServiceAgreed: true',
      ),
    },
    'issuers.letsencrypt.directory',
    'neither',
    'Write "https://"',
  ],
  [
    'a known host without its path',
    {
      issuers: issuerYaml(
        'type: acme, directory: "https://acme-v02.api.letsencrypt.org", termsOfServiceAgreed: true',
      ),
    },
    'issuers.letsencrypt.directory',
    "is the host of Let's Encrypt without the path",
    'Write "directory: letsencrypt", or https://acme-v02.api.letsencrypt.org/directory.',
  ],
  [
    'a bare contact',
    { issuers: issuerYaml(`${letsencrypt}, contact: [ops@corp.test]`) },
    'issuers.letsencrypt.contact[0]',
    'is not a mailto: address',
    'Write "mailto:ops@corp.test".',
  ],
  [
    'a contact that is no list',
    { issuers: issuerYaml(`${letsencrypt}, contact: "mailto:a@corp.net"`) },
    'issuers.letsencrypt.contact',
    'not a list',
    '"contact: [mailto:a@corp.net]"',
  ],
  [
    'a reserved contact',
    { issuers: issuerYaml(`${letsencrypt}, contact: ["mailto:ops@example.com"]`) },
    'issuers.letsencrypt.contact[0]',
    "reserved domain, which nobody has: Let's Encrypt refuses the account",
    'Write an address of yours, or leave "contact:" out.',
  ],
  [
    'a contact at a top-level domain',
    { issuers: issuerYaml(`${letsencrypt}, contact: ["mailto:ops@localdomain"]`) },
    'issuers.letsencrypt.contact[0]',
    'at a top-level domain',
    'an address of yours',
  ],
  // Solvers.
  [
    'a zone as the API has it',
    solver('type: route53, hostedZoneId: /hostedzone/Z1D633PJN98FT9'),
    'solvers[0].hostedZoneId',
    'not the id',
    '"hostedZoneId: Z1D633PJN98FT9"',
  ],
  [
    'the name of a zone',
    solver('type: route53, hostedZoneId: example.com'),
    'solvers[0].hostedZoneId',
    'is the name of a zone',
    'list-hosted-zones-by-name --dns-name example.com',
  ],
  [
    'a session of a role',
    solver('type: route53, roleArn: "arn:aws:sts::111122223333:assumed-role/dns/me"'),
    'solvers[0].roleArn',
    'is a session of a role',
    'arn:aws:iam::111122223333:role/dns',
  ],
  [
    'a user',
    solver('type: route53, roleArn: "arn:aws:iam::111122223333:user/dns"'),
    'solvers[0].roleArn',
    'is a user',
    'role/dns',
  ],
  [
    'another DNS service',
    solver('type: acmedns, secret: dns/acmedns'),
    'solvers[0].type',
    'is not supported: certkeep knows route53',
    'cnameStrategy: follow',
  ],
  [
    'a kind of challenge',
    solver('type: http-01'),
    'solvers[0].type',
    'one of',
    'Write "type: alb-http01"',
  ],
  [
    'HTTP-01 at the HTTPS listener of a certificate',
    {
      ...solver(`type: alb-http01, listener: "${listenerArn}"`),
      certificates: certificatesYaml({
        shop: { targets: `[{type: alb, listener: "${listenerArn}"}]` },
      }),
    },
    'solvers[0].listener',
    'is the HTTPS listener that certificates.shop.targets[0] is bound to',
    `--load-balancer-arn ${balancer} `,
  ],
  // Targets.
  [
    'a Network Load Balancer',
    target('type: nlb'),
    'certificates.shop.targets[0].type',
    'Network Load Balancers are not supported',
    'Application (alb) and Classic (clb)',
  ],
  [
    'CloudFront',
    target('type: cloudfront'),
    'certificates.shop.targets[0].type',
    'CloudFront is not supported',
    'leave the target out',
  ],
  [
    'ACM alone',
    target('type: acm'),
    'certificates.shop.targets[0].type',
    'ACM without a load balancer is not supported',
    'leave the target out',
  ],
  [
    'a listener of a Network Load Balancer',
    listener(listenerArn.replace('/app/', '/net/')),
    'certificates.shop.targets[0].listener',
    'Network Load Balancers are not supported',
    'alb',
  ],
  [
    'a load balancer',
    listener(balancer),
    'certificates.shop.targets[0].listener',
    'is the ARN of a load balancer',
    `aws elbv2 describe-listeners --load-balancer-arn ${balancer} --query`,
  ],
  [
    'a Classic Load Balancer',
    listener('arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/old'),
    'certificates.shop.targets[0].listener',
    'is of a Classic',
    '{type: clb, loadBalancer: old, port: 443}',
  ],
  [
    'a target group',
    listener('arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/a/50dc6c495c0c9188'),
    'certificates.shop.targets[0].listener',
    'target group',
    'in front of it',
  ],
  [
    'a rule',
    listener(`${listenerArn.replace(':listener/', ':listener-rule/')}/0467ef3c8400ae65`),
    'certificates.shop.targets[0].listener',
    'of a rule',
    listenerArn,
  ],
  [
    'the host of a Classic Load Balancer',
    target('type: clb, loadBalancer: old-shop-1234567890.us-east-1.elb.amazonaws.com'),
    'certificates.shop.targets[0].loadBalancer',
    'not the name',
    '"loadBalancer: old-shop"',
  ],
  // Texts and numbers.
  [
    'mailto: for an alert',
    { alerts: 'alerts: {email: ["mailto:ops@corp.net"]}' },
    'alerts.email[0]',
    'not an e-mail address',
    'Leave out "mailto:": "ops@corp.net".',
  ],
  [
    'an address with a name',
    { alerts: 'alerts: {email: ["Ops <ops@corp.net>"]}' },
    'alerts.email[0]',
    'not an e-mail address',
    '"ops@corp.net"',
  ],
  [
    'an address that is no list',
    { alerts: 'alerts: {email: ops@nordwind.com}' },
    'alerts.email',
    'not a list',
    '"email: [ops@nordwind.com]"',
  ],
  [
    'two names in one text',
    { certificates: certificatesYaml({ shop: { names: 'a.example.com, b.example.com' } }) },
    'certificates.shop.names',
    'not a list',
    '"names: [a.example.com, b.example.com]"',
  ],
  [
    'days with their unit',
    shopWith('renewBeforeDays: 30d'),
    'certificates.shop.renewBeforeDays',
    'not a number',
    'Write "renewBefore: 30d".',
  ],
  [
    'a part of a day',
    shopWith('renewBeforeDays: 31.75'),
    'certificates.shop.renewBeforeDays',
    'whole number',
    'Write "renewBefore: 762h".',
  ],
  [
    'a duration of Go',
    shopWith('renewBefore: 762h0m0s'),
    'certificates.shop.renewBefore',
    'not a number of hours',
    'Write whole hours: "renewBefore: 762h".',
  ],
  [
    'a duration without its unit',
    shopWith('renewBefore: 30'),
    'certificates.shop.renewBefore',
    'number',
    '"renewBefore: 30d"',
  ],
  [
    'a duration of nothing',
    shopWith('renewBefore: 0h'),
    'certificates.shop.renewBefore',
    'not between 1h and 397d',
    '762h',
  ],
  // Times.
  [
    'midnight as 24:00',
    times('timeZone: UTC, allow: ["daily 00:00-24:00"]'),
    'maintenance.allow[0]',
    'not a weekly window',
    '"daily 00:00-00:00"',
  ],
  [
    'dates as a window',
    times('timeZone: UTC, forbid: ["2026-12-15 - 2027-01-05"]'),
    'maintenance.forbid[0]',
    'is a date',
    'freeze: [2026-12-15..2027-01-05]',
  ],
  [
    'cron',
    times('timeZone: UTC, allow: ["0 22 * * 6"]'),
    'maintenance.allow[0]',
    'cron',
    'Sat 22:00-06:00',
  ],
  [
    'a city',
    times('timeZone: Berlin, allow: ["Sat 22:00-06:00"]'),
    'maintenance.timeZone',
    'not a time zone',
    'Did you mean Europe/Berlin?',
  ],
  [
    'a mistyped zone',
    times('timeZone: Europe/Berln, allow: ["Sat 22:00-06:00"]'),
    'maintenance.timeZone',
    'not a time zone',
    'Did you mean Europe/Berlin?',
  ],
  [
    'no zone',
    times('timeZone: Mars, allow: ["Sat 22:00-06:00"]'),
    'maintenance.timeZone',
    'not a time zone',
    'IANA',
  ],
  [
    'a freeze that ends before it begins',
    times('timeZone: UTC, freeze: [2027-01-05..2026-12-15]'),
    'maintenance.freeze[0]',
    'not a range of dates',
    'the earlier first',
  ],
  [
    'a day that is none',
    times('timeZone: UTC, freeze: ["2026-02-30"]'),
    'maintenance.freeze[0]',
    'not a range of dates',
    '2026-12-24',
  ],
];

test.each(rows)('%s', (_, parts, path, message, fix) => {
  const problem = problemOf(parts);
  expect(problem.path).toBe(path);
  expect(problem.message).toContain(message);
  expect(problem.fix).toContain(fix);
  expect(problem.excerpt).not.toBeNull();
});
