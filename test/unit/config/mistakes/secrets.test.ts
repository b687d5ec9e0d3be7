import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { renderProblems } from '#shared/config-file/messages/render.ts';
import { looksLikeSecret } from '#shared/schema/secret-value.ts';
import { configYaml, parsed, problemsOf } from '#test/support/config-yaml.ts';
import { issuerYaml, problemOf } from '#test/support/mistakes.ts';

const hash = (n: number) => createHash('sha512').update(`secret ${n}`).digest();
const drawn = (n: number) => ({
  cloudflare: hash(n).toString('base64url').slice(0, 40),
  aws: hash(n).toString('base64').slice(0, 40),
  hmac: hash(n).toString('base64url'),
  kid: hash(n).toString('hex').slice(0, 32),
  globalKey: '144c9defac04969c7bfad8efaa8ea194',
});

const isValue = 'looks like the secret itself, not like its name';

test.each(Object.entries(drawn(1)))(
  'a value of the kind %s in the place of a name is refused, and shown nowhere',
  (_, value) => {
    const cloudflare = { solvers: `solvers: [{type: cloudflare, secret: "${value}"}]` };
    const binding = {
      issuers: issuerYaml(
        `type: acme, directory: "https://ca.example.com/d", termsOfServiceAgreed: true, externalAccountBinding: {secret: "${value}"}`,
      ),
    };
    const retired = { retired: `retired: {solvers: [{type: dnspod, secret: "${value}"}]}` };
    for (const parts of [cloudflare, binding, retired]) {
      expect(problemOf(parts).message).toContain(isValue);
      const told = renderProblems(problemsOf(configYaml(parts)), 'certkeep.yaml');
      expect(told).toContain('aws secretsmanager create-secret');
      expect(told).not.toContain(value.slice(2, 12));
    }
  },
);

test.each([
  '{"apiToken": "hunter2-hunter2"}',
  'my secret is hunter2-hunter2',
  'AKIAIOSFODNN7EXAMPLE',
])('a value that is no name is not shown: %s', (value) => {
  const parts = { solvers: `solvers: [{type: cloudflare, secret: ${JSON.stringify(value)}}]` };
  const told = renderProblems(problemsOf(configYaml(parts)), 'certkeep.yaml');
  expect(told).toMatch(/solvers\[0\]\.secret \(line/);
  expect(told).not.toMatch(/hunter2|AKIA/);
});

test('a problem of the same line does not show the value beside it', () => {
  const solvers = 'solvers: [{type: cloudflare, apiToken: hunter2, secret: dns/x, colour: red}]';
  const told = renderProblems(problemsOf(configYaml({ solvers })), 'certkeep.yaml');
  expect(told).toMatch(/2 problems/);
  expect(told).not.toContain('hunter2');
  const unreadable = renderProblems(problemsOf('solvers: [{apiToken: hunter2, secret: x'), 'x');
  expect(unreadable).not.toContain('hunter2');
});

test.each([
  'dns/cloudflare',
  'prod/certkeep/cloudflare-api-token-2026',
  'CloudflareTokenSecret6C1B2A3D-Xk29dLsPq01Z',
  'ca/google-eab',
  'a',
  '7f3c2e10-95b1-4d1e-8a53-0c2f6f1b7a90',
  'very_long_name_of_a_secret_of_the_platform_team',
])('%s is a name', (secret) => {
  const solvers = `solvers: [{type: cloudflare, secret: ${secret}}]`;
  expect(parsed(configYaml({ solvers })).config.solvers).toMatchObject([{ secret }]);
});

test('nearly all of a thousand keys of each kind are distinguished from names', () => {
  for (const kind of ['cloudflare', 'aws', 'hmac', 'kid'] as const) {
    const told = Array.from({ length: 1_000 }, (_, n) => drawn(n)[kind]).filter(looksLikeSecret);
    expect(told.length, kind).toBeGreaterThan(900);
  }
});
