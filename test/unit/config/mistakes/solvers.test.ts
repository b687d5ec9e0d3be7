import { test } from 'vitest';
import { certificatesYaml } from '#test/support/config-yaml.ts';
import { expectRow, listenerArn, type Row } from '#test/support/mistakes.ts';

const solver = (fields: string) => ({ solvers: `solvers: [{${fields}}]` });
const balancer = listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/[^/]*$/, '');

const rows: readonly Row[] = [
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
    'CNAMEs that are followed into any zone',
    solver('type: route53, cnameStrategy: follow'),
    'solvers[0].cnameStrategy',
    'is follow without a zone',
    'hostedZoneId:',
  ],
  [
    'another DNS service',
    solver('type: acmedns, secret: dns/acmedns'),
    'solvers[0].type',
    'is not supported (acme-dns): certkeep knows route53',
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
];

test.each(rows)('%s', (...row) => expectRow(row));
