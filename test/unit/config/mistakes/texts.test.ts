import { test } from 'vitest';
import { certificatesYaml } from '#test/support/config-yaml.ts';
import { expectRow, type Row, shopWith } from '#test/support/mistakes.ts';

const rows: readonly Row[] = [
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
    'two names in one entry',
    { certificates: certificatesYaml({ shop: { names: '[a.example.com b.example.com]' } }) },
    'certificates.shop.names[0]',
    'holds 2 names',
    'Write each as an entry of its own: a.example.com, b.example.com.',
  ],
  [
    'a second name behind a comma',
    { certificates: certificatesYaml({ shop: { names: '["a.example.com,*.b.example.com"]' } }) },
    'certificates.shop.names[0]',
    'holds 2 names',
    'Write each as an entry of its own: a.example.com, "*.b.example.com".',
  ],
  [
    'an entry that continues the one above',
    {
      certificates: certificatesYaml({
        shop: { names: '\n      - a.example.com\n       - b.example.com' },
      }),
    },
    'certificates.shop.names[0]',
    'holds 2 names',
    'each with its "-" in the same column',
  ],
  [
    'days with their unit',
    shopWith('renewBeforeDays: 30d'),
    'certificates.shop.renewBeforeDays',
    'not a number',
    'Write "renewBefore: 30d".',
  ],
  [
    'a threshold of half a day',
    { alerts: 'alerts: {email: [ops@certkeep.dev], expiringDays: [0.5]}' },
    'alerts.expiringDays[0]',
    'neither a number of days nor hours',
    'Write hours: 12h.',
  ],
  [
    'a threshold in minutes',
    { alerts: 'alerts: {email: [ops@certkeep.dev], expiringDays: [90m]}' },
    'alerts.expiringDays[0]',
    'neither a number of days nor hours',
    'with their unit: 36h',
  ],
  [
    'a threshold of more than a year',
    { alerts: 'alerts: {email: [ops@certkeep.dev], expiringDays: [400]}' },
    'alerts.expiringDays[0]',
    'more than 397',
    '',
  ],
  [
    'a duration of Go',
    shopWith('renewBefore: 762h0m0s'),
    'certificates.shop.renewBefore',
    'not a number of hours',
    'Write whole hours: "renewBefore: 762h".',
  ],
  [
    'a duration in minutes',
    shopWith('renewBefore: 45720m'),
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
];

test.each(rows)('%s', (...row) => expectRow(row));
