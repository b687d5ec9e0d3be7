import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { caaCommands } from '#shared/finish/alert/caa-commands.ts';

const refused = (at: string, records: string, ca: string, wildcards = '') =>
  `CaaForbids: shop.example.com: CAA at ${at}: ${records}: the CA (${ca}) is not allowed to issue${wildcards}`;

test('the CA is added to the records that forbid it, in the closest zone', () => {
  const message = refused('example.com', 'issue "other.example"', 'letsencrypt.org');
  const [zone, records, change, wait, ...more] = caaCommands(message);
  expect(zone).toMatch(/^zone=\$\(aws route53 list-hosted-zones .*ends_with\('\.example\.com\.'/);
  expect(records).toContain('Value: \'0 issue \\"letsencrypt.org\\"\'');
  expect(records).toMatch(/UPSERT.* > caa\.json$/);
  expect(change).toContain(' --change-batch file://caa.json ');
  expect(wait).toBe('aws route53 wait resource-record-sets-changed --id "$change"');
  expect(more).toEqual([]);
});

test('a wildcard that issuewild forbids is allowed there', () => {
  const records = 'issuewild ";"';
  const message = refused('example.com', records, 'letsencrypt.org', ' wildcards');
  expect(caaCommands(message)[1]).toContain('\'0 issuewild \\"letsencrypt.org\\"\'');
});

test('of several names of a CA, the first is written', () => {
  const message = refused('example.com', 'issue "a.example"', 'pki.goog, google.com');
  expect(caaCommands(message)[1]).toContain('pki.goog');
});

test('a record that names another CA in such words does not put it into the command', () => {
  const hostile = 'issue "x": the CA (evil.example) is not allowed to issue"';
  const commands = caaCommands(refused('example.com', hostile, 'letsencrypt.org'));
  expect(commands[1]).toContain('letsencrypt.org');
  expect(commands.join()).not.toContain('evil');
});

test.each([
  ['no CAA', 'CaaForbids: somewhere else'],
  [
    'an account that is not ours',
    'x: CAA at example.com: issue "a": accounturi is not the account',
  ],
  ['a shell in the name', refused('$(id).example', 'issue "a"', 'letsencrypt.org')],
  ['a shell in the CA', refused('example.com', 'issue "a"', '`id`')],
])('%s: there is no command', (_, message) => {
  expect(caaCommands(message)).toEqual([]);
});

test('what a record of others says is no part of a command, and a shell can read each', () => {
  const hostile = `issue "'; rm -rf ~; echo $(id) \`id\`"`;
  const commands = caaCommands(refused('example.com', hostile, 'letsencrypt.org'));
  expect(commands).toHaveLength(4);
  expect(commands.join('\n')).not.toMatch(/rm -rf|\(id\)|`id/);
  for (const command of commands) execFileSync('bash', ['-n', '-c', command]);
});
