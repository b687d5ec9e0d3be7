import { expect, test } from 'vitest';
import { certificatesYaml, configYaml, parsed, problemsOf } from '#test/support/config-yaml.ts';
import { expectRow, type Row } from '#test/support/mistakes.ts';

const email = (...entries: readonly string[]) => ({
  alerts: `alerts: {email: [${entries.join(', ')}]}`,
});
const owned = (...owners: readonly string[]) => ({
  certificates: certificatesYaml(
    Object.fromEntries(
      owners.map((owner, at) => [
        `c${at}`,
        { names: `[c${at}.example.com]`, more: owner && `owner: ${owner}` },
      ]),
    ),
  ),
});

test('an address hears of everything, or of some owners and severities', () => {
  const shop = '{address: shop@certkeep.dev, owners: [team-shop], severities: [critical, warning]}';
  const parts = { ...email('ops@certkeep.dev', shop), ...owned('team-shop', '') };
  const { config, warnings } = parsed(configYaml(parts));
  expect(config.alerts.email).toEqual([
    { address: 'ops@certkeep.dev' },
    {
      address: 'shop@certkeep.dev',
      owners: ['team-shop'],
      severities: ['critical', 'warning'],
    },
  ]);
  expect(config.certificates.map(({ owner }) => owner)).toEqual(['team-shop', undefined]);
  expect(warnings).toEqual([]);
});

const many = (count: number) => Array.from({ length: count }, (_, at) => `team-${at}`);
const choosy = (count: number) =>
  many(count).map((owner) => `{address: ${owner}@certkeep.dev, owners: [${owner}]}`);

const rows: readonly Row[] = [
  [
    'the same address twice',
    email('ops@certkeep.dev', '{address: Ops@certkeep.dev, owners: [team-shop]}'),
    'alerts.email[1].address',
    'is listed twice',
    'Keep one of the two',
  ],
  [
    'a block with a wrong address',
    email('{address: ops}'),
    'alerts.email[0].address',
    'is not an e-mail address',
    'ops@example.com',
  ],
  [
    'a block without an address',
    email('{owners: [team-shop]}'),
    'alerts.email[0].address',
    'is missing',
    'Write an address',
  ],
  [
    'a number for an address',
    email('5'),
    'alerts.email[0]',
    'is neither an address nor a block with an address',
    '{address: ops@example.com, owners: [team-shop]}',
  ],
  [
    'one owner, no list',
    email('{address: ops@certkeep.dev, owners: team-shop}'),
    'alerts.email[0].owners',
    'is not a list',
    '"owners: [team-shop]"',
  ],
  [
    'owner for owners',
    email('{address: ops@certkeep.dev, owner: [team-shop]}'),
    'alerts.email[0].owner',
    'is not a key',
    '"owners:"',
  ],
  [
    'no owners',
    email('{address: ops@certkeep.dev, owners: []}'),
    'alerts.email[0].owners',
    'has no entries',
    'at least one',
  ],
  [
    'a severity that is none',
    email('{address: ops@certkeep.dev, severities: [critcal]}'),
    'alerts.email[0].severities[0]',
    'is not one of',
    '"critical"',
  ],
  [
    'an owner with a space',
    owned('Team Shop'),
    'certificates.c0.owner',
    'is not usable as the name of an owner',
    'such as team-shop',
  ],
  [
    'an owner of 64 letters',
    owned('a'.repeat(64)),
    'certificates.c0.owner',
    'is not usable',
    'up to 63',
  ],
  ['an owner that is a number', owned('12'), 'certificates.c0.owner', 'is a number', '"12"'],
  [
    'more owners and severities than SNS takes',
    email(`{address: ops@certkeep.dev, owners: [${many(76)}], severities: [critical, warning]}`),
    'alerts.email[0].owners',
    'are 76 owners with 2 severities, and SNS takes 150 combinations',
    'at most 75',
  ],
  [
    'more choosing addresses than SNS takes',
    email(...choosy(201)),
    'alerts.email[200].address',
    'is one of 201 addresses',
    'mailing list',
  ],
  [
    'more owners than a message carries',
    owned(...many(1_001)),
    'certificates.c1000.owner',
    'is one of 1001 owners',
    'teams',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));

test('as many as SNS takes are fine', () => {
  const all = `{address: ops@certkeep.dev, owners: [${many(75)}], severities: [critical, warning]}`;
  expect(problemsOf(configYaml(email(all, ...choosy(199))))).toEqual([]);
  expect(problemsOf(configYaml(owned(...many(1_000))))).toEqual([]);
});

test('everything that is wrong with a block is said at once', () => {
  const block = '{address: me, owners: [A b, 3], severities: [fatal], colour: red}';
  expect(problemsOf(configYaml(email('ops', block))).map(({ path }) => path)).toEqual([
    'alerts.email[0]',
    'alerts.email[1].address',
    'alerts.email[1].owners[0]',
    'alerts.email[1].owners[1]',
    'alerts.email[1].severities[0]',
    'alerts.email[1].colour',
  ]);
});
