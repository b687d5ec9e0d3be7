import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { allow } from 'local-cloud/kit/iam-lab.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { issuers } from '#cli/prepare/doctor/checks/issuers.ts';
import { secrets } from '#cli/prepare/doctor/checks/secrets.ts';
import { type DoctorLab, doctorLab, lines } from '#test/support/doctor-lab.ts';
import { configText } from '#test/support/fleet.ts';

let lab: DoctorLab;
/** With a secret of each kind. */
let text: string;
const hidden = 'WhatNobodyMayRead';

beforeAll(async () => {
  lab = await doctorLab(configText('  shop: {names: [shop.example.com], issuer: local}\n'), {
    ca: { externalAccounts: { keys: { 'kid-1': 'a2V5a2V5a2V5a2V5' } } },
  });
  text = lab.configText
    .replace('type: route53', 'type: cloudflare\n    secret: dns/cloudflare')
    .replace('local:', 'local:\n    externalAccountBinding: {secret: ca/eab}')
    .concat('alerts: {heartbeat: {secret: alerts/heartbeat}}\n');
});
afterAll(() => lab?.close());

const client = () => new SecretsManagerClient(lab.operatorIn('us-east-1'));
const create = (Name: string, SecretString: string) =>
  client().send(new CreateSecretCommand({ Name, SecretString }));
const put = (SecretId: string, SecretString: string) =>
  client().send(new PutSecretValueCommand({ SecretId, SecretString }));

test('secrets that are not there are wrong, and the command makes each', async () => {
  const found = await lab.findings(secrets, text);
  expect(found).toEqual([
    {
      mark: 'wrong',
      text: 'secret dns/cloudflare (cloudflare) does not exist in us-east-1',
      say: 'Write {"apiToken": "…"} into a file, then:',
      command:
        'aws secretsmanager create-secret --region us-east-1 --name dns/cloudflare --secret-string file://secret.txt',
    },
    {
      mark: 'wrong',
      text: 'secret ca/eab (the account at local) does not exist in us-east-1',
      say: 'Write {"kid": "…", "hmacKey": "…"} into a file, then:',
      command:
        'aws secretsmanager create-secret --region us-east-1 --name ca/eab --secret-string file://secret.txt',
    },
    {
      mark: 'wrong',
      text: 'secret alerts/heartbeat (the sign of life) does not exist in us-east-1',
      say: 'Write https://… into a file, then:',
      command:
        'aws secretsmanager create-secret --region us-east-1 --name alerts/heartbeat --secret-string file://secret.txt',
    },
  ]);
});

test('a wrong form is told without a word of the value', async () => {
  await create('dns/cloudflare', JSON.stringify({ token: hidden }));
  await create('ca/eab', hidden);
  await create('alerts/heartbeat', `ftp://${hidden}.example.com`);
  const found = await lab.findings(secrets, text);
  expect(lines(found)).toEqual([
    'wrong: secret dns/cloudflare has no text for apiToken; it holds {"apiToken": "…"} (cloudflare)',
    'wrong: secret ca/eab is not {"kid": "…", "hmacKey": "…"} with a base64url key (the account at local)',
    'wrong: the secret does not hold the address of a page, https://… (the sign of life)',
  ]);
  expect(found[0]?.command).toBe(
    'aws secretsmanager put-secret-value --region us-east-1 --secret-id dns/cloudflare --secret-string file://secret.txt',
  );
  expect(JSON.stringify(found)).not.toContain(hidden);
});

test('secrets in their form are ok; the value is never shown', async () => {
  await put('dns/cloudflare', JSON.stringify({ apiToken: hidden }));
  await put('ca/eab', JSON.stringify({ kid: 'kid-1', hmacKey: hidden }));
  await put('alerts/heartbeat', `https://${hidden}.example.com`);
  const found = await lab.findings(secrets, text);
  expect(lines(found)).toEqual([
    'ok: secret dns/cloudflare (cloudflare) is there and has its form',
    'ok: secret ca/eab (the account at local) is there and has its form',
    'ok: secret alerts/heartbeat (the sign of life) is there and has its form',
  ]);
  expect(JSON.stringify(found)).not.toContain(hidden);
});

test('a deleted secret is wrong, and the command restores it', async () => {
  await client().send(new DeleteSecretCommand({ SecretId: 'ca/eab' }));
  const found = await lab.findings(secrets, text);
  expect(found[0]).toEqual({
    mark: 'wrong',
    text: 'secret ca/eab (the account at local) is marked for deletion',
    command: 'aws secretsmanager restore-secret --region us-east-1 --secret-id ca/eab',
  });
  await client().send(new RestoreSecretCommand({ SecretId: 'ca/eab' }));
});

test('who may see that a secret is there, but not its value, does not know its form', async () => {
  const me = lab.as([allow('secretsmanager:DescribeSecret', '*')]);
  expect(lines(await lab.findings(secrets, text, me))).toEqual(
    ['dns/cloudflare', 'ca/eab', 'alerts/heartbeat'].map(
      (id) => `not known: secret ${id}: you lack the right secretsmanager:GetSecretValue`,
    ),
  );
});

test('a CA that asks for an external account, and a file without one', async () => {
  expect(lines(await lab.findings(issuers, text))).toEqual([
    expect.stringMatching(/^ok: local answers at 127\.0\.0\.1:\d+$/),
  ]);
  expect(await lab.findings(issuers)).toEqual([
    {
      mark: 'wrong',
      text: 'local asks for an external account, and the file names none',
      say: expect.stringContaining('"externalAccountBinding: {secret: certkeep-eab/local}"'),
      command:
        'aws secretsmanager create-secret --region us-east-1 --name certkeep-eab/local --secret-string file://eab.json',
    },
  ]);
});

test('a profile that the CA does not have, and a CA that does not answer', async () => {
  const profiled = text.replace('local:', 'local:\n    profile: shortlived');
  expect(await lab.findings(issuers, profiled)).toMatchObject([
    { mark: 'wrong', text: 'local has no profile "shortlived" (it has none)' },
  ]);
  const away = text.replace(/directory: .*/, 'directory: https://127.0.0.1:9/directory');
  expect(await lab.findings(issuers, away)).toMatchObject([
    {
      mark: 'not known',
      text: expect.stringMatching(/^local: https:\/\/127\.0\.0\.1:9\/directory: .*/),
      command: 'curl -s https://127.0.0.1:9/directory',
    },
  ]);
});
