import { test } from 'vitest';
import { configYaml } from '#test/support/config-yaml.ts';
import { expectRow, type Row } from '#test/support/mistakes.ts';

const role = (written: string) => `${configYaml()}breakGlassRole: "${written}"\n`;

const rows: readonly Row[] = [
  [
    'a session of a role for emergencies',
    role('arn:aws:sts::123456789012:assumed-role/emergency/me'),
    'breakGlassRole',
    'is not the name or ARN of a role',
    'For a session, write its role',
  ],
  [
    'every role for emergencies',
    role('arn:aws:iam::123456789012:role/*'),
    'breakGlassRole',
    'is not the name or ARN of a role',
    'Write the name of a role',
  ],
  [
    'a role for emergencies in another account',
    role('arn:aws:iam::210987654321:role/emergency'),
    'breakGlassRole',
    'is a role of account 210987654321, and the buckets are in 123456789012',
    'Name a role of account 123456789012',
  ],
  [
    'a role for emergencies in another partition',
    role('arn:aws-cn:iam::123456789012:role/emergency'),
    'breakGlassRole',
    'in the partition aws-cn, out of reach from us-east-1',
    'Name a role of the home account',
  ],
  [
    'an external id that is guessed',
    `${configYaml()}externalId: certkeep\n`,
    'externalId',
    'is not an external id',
    'uuidgen',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));
