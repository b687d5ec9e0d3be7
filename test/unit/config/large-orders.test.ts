import { expect, test } from 'vitest';
import { certificatesYaml, configYaml, parsed } from '#test/support/config-yaml.ts';

const listener =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2';
const temporary = `{type: alb-http01, listener: "${listener}"}`;

/** Of a certificate with so many names, proven by this solver. */
function warningsOf(count: number, solver: string) {
  const names = Array.from({ length: count }, (_, at) => `n${at}.example.com`);
  const certificates = certificatesYaml({ shop: { names: `[${names.join(', ')}]` } });
  return parsed(configYaml({ certificates, solvers: `solvers: [${solver}]` })).warnings;
}

test('more temporary rules than a load balancer has room for are reported', () => {
  expect(warningsOf(91, temporary)).toMatchObject([
    {
      path: 'certificates.shop.names',
      message: `needs 91 temporary rules at once on ${listener}; its load balancer allows 100, including those of others, unless its quota is higher`,
      fix: expect.stringContaining('rule: permanent'),
    },
  ]);
});

test.each<[string, number, string]>([
  ['90 temporary rules', 90, temporary],
  [
    'one permanent rule for 100 names',
    100,
    `{type: alb-http01, listener: "${listener}", rule: permanent, priority: 1}`,
  ],
])('%s are not', (_, count, solver) => {
  expect(warningsOf(count, solver)).toEqual([]);
});
