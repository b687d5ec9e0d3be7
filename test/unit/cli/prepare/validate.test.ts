import { expect, test } from 'vitest';
import { reportJson, reportOf, validatePage } from '#cli/prepare/validate/page.ts';
import { checkConfig } from '#infra/config-file.ts';
import { albYaml, certificatesYaml, configYaml } from '#test/support/config-yaml.ts';

const elsewhere =
  'arn:aws:elasticloadbalancing:eu-west-1:222222222222:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';

function report(parts: Parameters<typeof configYaml>[0] = {}) {
  const text = configYaml({
    alerts: 'alerts: {email: [ops@certkeep.dev], heartbeat: {secret: beat}}',
    ...parts,
  });
  return reportOf('fleet.yaml', checkConfig(text, 'fleet.yaml'));
}

test('a valid file is one line that says what it holds, and then the next command', () => {
  const certificates = certificatesYaml({
    shop: { names: '[shop.example.org, www.example.org]', targets: `[${albYaml('sni')}]` },
    blog: { names: '[blog.example.org]', targets: `[${albYaml('sni', elsewhere)}]` },
  });
  const issuers =
    'issuers: {letsencrypt: {type: acme, directory: letsencrypt, termsOfServiceAgreed: true}}';
  expect(validatePage(report({ certificates, issuers }))).toBe(
    'fleet.yaml is valid: 2 certificates with 3 names, 2 targets, 2 regions (us-east-1 and eu-west-1), 2 accounts (123456789012 and 222222222222), from letsencrypt\nNext: npx certkeep doctor --config fleet.yaml',
  );
});

test('the file of a local cloud goes on there', () => {
  const home = 'home: {account: "000000000000", region: us-east-1}';
  expect(validatePage(report({ home }))).toMatch(
    /\nNext: npx certkeep doctor --local --config fleet\.yaml$/,
  );
});

test('a warning comes before that line, with its line of the file and the fix', () => {
  const text = validatePage(report({ alerts: '' }));
  expect(text).toMatch(/^fleet\.yaml: \d warnings?\n/);
  expect(text).toMatch(/\n {4}fix: .*\n\nfleet\.yaml is valid: 1 certificate with 1 name, /);
});

test('all mistakes come at once, and at last the command that looks again', () => {
  const certificates = certificatesYaml({ shop: { names: '[10.0.0.1]', issuer: 'letsencrip' } });
  const text = validatePage(report({ certificates }));
  expect(text).toContain('fleet.yaml: 2 problems\n');
  expect(text).toContain('fix: Did you mean "letsencrypt"?');
  expect(text.split('\n').at(-1)).toBe('Next: npx certkeep validate fleet.yaml');
});

test('rights that IAM would refuse are a problem of the file, as for cdk synth', () => {
  const solvers = Array.from({ length: 1_500 }, (_, index) => {
    const role = `arn:aws:iam::111111111111:role/dns-of-the-team-number-${index}`;
    return `{type: route53, roleArn: "${role}", selector: {dnsZones: [z${index}.example.org]}}`;
  });
  const { isValid, problems } = report({
    solvers: `solvers: [{type: route53}, ${solvers.join(', ')}]`,
  });
  expect(isValid).toBe(false);
  expect(problems).toMatchObject([
    { path: 'solvers', fix: 'Split the configuration into two installations.' },
  ]);
});

test('as JSON a problem has its path, line, column, value and fix', () => {
  const certificates = certificatesYaml({ shop: { key: 'rsa2048' } });
  expect(reportJson(report({ certificates }))).toEqual({
    ...{ file: 'fleet.yaml', isValid: false, holds: null, warnings: [] },
    problems: [
      {
        ...{ path: 'certificates.shop.key', value: 'rsa2048', column: expect.any(Number) },
        ...{ line: expect.any(Number), message: expect.any(String) },
        fix: expect.stringContaining('rsa-2048'),
      },
    ],
  });
});
