import { describe, expect, test } from 'vitest';
import type { Compared, Difference } from '#cli/prepare/diff/decide/difference.ts';
import { differences } from '#cli/prepare/diff/decide/differences.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { type CertificateRecord, emptyRecord } from '#shared/ledger/record/record.ts';
import { albTargetOf, deployedAt } from '#test/support/bound.ts';
import {
  configWith,
  healthy,
  inDays,
  issuers,
  now,
  versionOf,
  wanted,
} from '#test/support/healthy.ts';

const local = issuers.local as Config['issuers'][string];
const other = { ...local, directory: 'https://other.example/directory' };
/** `versionOf`, as its issuer's. */
const origin = { directory: local.directory, account: 'a', profile: null, staging: false };
const web = albTargetOf('web');
const api = albTargetOf('api');

type Given = {
  readonly before?: Partial<CertificateConfig>;
  readonly after?: Partial<CertificateConfig> | null;
  readonly deployed?: Partial<Config>;
  readonly file?: Partial<Config>;
  readonly record?: CertificateRecord | null;
};

const kept = healthy({ versions: [versionOf({ origin })] });

function compare({ after = {}, before = {}, deployed, file, record = kept }: Given) {
  const first = { targets: [web], ...before };
  const compared: Compared = {
    deployed: configWith({ certificates: [wanted(first)], ...deployed }),
    wanted: configWith({
      certificates: after === null ? [] : [wanted({ ...first, ...after })],
      ...deployed,
      ...file,
    }),
    records: new Map([['shop', record]]),
    now,
  };
  return differences(compared);
}

/** `+ name: text → effect` */
function lines(given: Given): readonly string[] {
  return compare(given).changes.map(lineOf);
}

function lineOf({ effect, sign, text, what }: Difference): string {
  return `${sign} ${what}: ${text} → ${effect}`;
}

const atOnce = 'a new certificate, with a new key, at the next check';

describe('a certificate that stays', () => {
  test.each<[string, Given, readonly string[]]>([
    [
      'gets a name',
      { after: { names: ['example.com', '*.example.com', 'smtp.example.org'] } },
      [`+ smtp.example.org: in shop → ${atOnce}`],
    ],
    [
      'loses a name',
      { after: { names: ['example.com'] } },
      [
        '- *.example.com: no longer in shop → a new certificate without it, with a new key, at the next check',
      ],
    ],
    [
      'gets a name, and keeps its key',
      {
        before: { rotation: 'reuse' },
        after: { names: ['example.com', '*.example.com', 'smtp.example.org'] },
      },
      ['+ smtp.example.org: in shop → a new certificate, with the same key, at the next check'],
    ],
    [
      'gets a name that the stored certificate has',
      { before: { names: ['example.com'] }, after: { names: ['example.com', '*.example.com'] } },
      ['+ *.example.com: in shop → the stored certificate has these names already'],
    ],
    [
      'gets a name before its first certificate',
      {
        after: { names: ['example.com', '*.example.com', 'smtp.example.org'] },
        record: emptyRecord('shop', now),
      },
      ['+ smtp.example.org: in shop → the first certificate is still to be issued'],
    ],
    [
      'gets another kind of key, even where it keeps its key',
      { before: { rotation: 'reuse' }, after: { key: 'rsa-2048' } },
      [`~ shop: key ecdsa-p256 → rsa-2048 → ${atOnce}`],
    ],
    [
      'gets a second issuer',
      { deployed: { issuers: { local, other } }, after: { issuers: ['local', 'other'] } },
      [
        '~ shop: issuer local → local, other → no order now: the CA of the present certificate is still in the list',
      ],
    ],
    [
      'gets another first issuer',
      { deployed: { issuers: { local, other } }, after: { issuers: ['other', 'local'] } },
      [
        '~ shop: issuer local → other, local → no order now: the CA of the present certificate is still in the list; the next renewal (2027-01-11) asks other first',
      ],
    ],
    [
      'leaves its issuer',
      { deployed: { issuers: { local, other } }, after: { issuers: ['other'] } },
      [`~ shop: issuer local → other → ${atOnce}`],
    ],
    [
      'keeps its key from now on',
      { after: { rotation: 'reuse' } },
      [
        '~ shop: rotation always → reuse → no order now; the next renewal (2027-01-11) keeps the key',
      ],
    ],
    [
      'renews sooner',
      { after: { renewBeforeDays: 60 } },
      [
        '~ shop: renewBefore by itself → 60d → no order now: renews on 2026-12-12 instead of 2027-01-11',
      ],
    ],
    [
      'is due by its new time',
      { after: { renewBeforeDays: 81 } },
      [
        '~ shop: renewBefore by itself → 81d → due at once: a new certificate, with a new key, at the next check',
      ],
    ],
    [
      'renews before a tenth of its life has passed, which nobody follows',
      { after: { renewBeforeDays: 89 } },
      [
        '~ shop: renewBefore by itself → 89d → about as long as the life of the certificate, so it is not followed; no order now: still renews on 2027-01-11',
      ],
    ],
    [
      'gets a freeze',
      {
        after: {
          maintenance: {
            ...{ timeZone: 'UTC', mode: 'forbid', windows: [] },
            freeze: [{ from: '2027-01-01', to: '2027-01-14' }],
          },
        },
      },
      ['~ shop: maintenance added → no order now: renews on 2027-01-15 instead of 2027-01-11'],
    ],
    [
      'gets an owner',
      { after: { owner: 'team-shop' } },
      ['~ shop: owner none → team-shop → messages about it go to those who chose that owner'],
    ],
    [
      'adopts in place',
      { after: { adopt: 'in-place' } },
      [
        '~ shop: adopt new-arn → in-place → it counts when a certificate of others is next found at a target',
      ],
    ],
  ])('%s', (_, given, expected) => {
    expect(lines(given)).toEqual(expected);
  });
});

const bound = healthy({
  versions: [versionOf({ origin })],
  deployments: deployedAt(web, { name: 'web:443', notAfter: inDays(80) }),
});
const free = { ...web, certificate: 'sni' } as const;

describe('a target', () => {
  test.each<[string, Given, readonly string[]]>([
    [
      'is added',
      { after: { targets: [web, api] }, record: bound },
      [
        '+ shop: at api/1000000000000000 (us-east-1) → the present certificate is bound there at the next check, without an order',
      ],
    ],
    [
      'moves: nobody renews the old one',
      { after: { targets: [api] }, record: bound },
      [
        '~ shop: web:443 (us-east-1) → api/1000000000000000 (us-east-1) → the present certificate is bound at api/1000000000000000 (us-east-1) at the next check; web:443 (us-east-1) keeps the present certificate, which ends on 2027-02-10. A renewal reaches it only while it goes into the same ARN as at api/1000000000000000 (us-east-1), and nobody proves that',
      ],
    ],
    [
      'is taken away, the last one of its place',
      { after: { targets: [] }, record: bound },
      [
        '- shop: at web:443 (us-east-1) → web:443 (us-east-1) keeps the present certificate, which ends on 2027-02-10: nobody renews it there',
      ],
    ],
    [
      'is taken away before anybody has looked at it',
      { after: { targets: [] } },
      [
        '- shop: at web/1000000000000000 (us-east-1) → web/1000000000000000 (us-east-1) keeps the present certificate: nobody renews it there',
      ],
    ],
    [
      'goes from the default to the list',
      { after: { targets: [free] }, record: bound },
      [
        '~ shop: at web/1000000000000000 (us-east-1): default → sni → nothing changes while it is the default: bind another certificate there, and it joins the list',
      ],
    ],
    [
      'goes from the list to the default',
      { before: { targets: [free] }, after: { targets: [web] } },
      [
        '~ shop: at web/1000000000000000 (us-east-1): sni → default → it becomes the default at the next check, without an order, and stays in the list',
      ],
    ],
    [
      'goes to another certificate',
      {
        after: { targets: [] },
        file: {
          certificates: [wanted({ targets: [] }), wanted({ id: 'heir', targets: [web] })],
        },
        record: bound,
      },
      [
        '- shop: at web:443 (us-east-1) → heir takes its place at web:443 (us-east-1)',
        '+ heir: example.com and *.example.com → a first certificate from local at the next check, bound at web/1000000000000000 (us-east-1)',
      ],
    ],
  ])('%s', (_, given, expected) => {
    expect(lines(given)).toEqual(expected);
  });
});

describe('a certificate that leaves the file', () => {
  test.each<[string, Given, readonly string[]]>([
    [
      'is still bound',
      { after: null, record: bound },
      [
        '- shop: REMOVED (example.com and *.example.com) → still bound at web:443 (us-east-1), ends on 2027-02-10: nobody renews it',
      ],
    ],
    [
      'is bound nowhere',
      { after: null },
      [
        '- shop: REMOVED (example.com and *.example.com) → bound nowhere; its secret stays and ends on 2027-02-10: nobody renews it',
      ],
    ],
    [
      'gets another id',
      {
        after: null,
        file: { certificates: [wanted({ id: 'store', targets: [web] })] },
        record: bound,
      },
      [
        '- shop: REMOVED (example.com and *.example.com) → store has its names, and is another certificate, with a secret and an ARN of its own; store takes its place at web:443 (us-east-1)',
        '+ store: example.com and *.example.com → a first certificate from local at the next check, bound at web/1000000000000000 (us-east-1)',
      ],
    ],
  ])('%s', (_, given, expected) => {
    expect(lines(given)).toEqual(expected);
  });

  test('is taken to be bound as configured where its record cannot be read', () => {
    const compared = {
      deployed: configWith({ certificates: [wanted({ targets: [web] })] }),
      wanted: configWith({ certificates: [] }),
      ...{ records: new Map(), now },
    };
    expect(differences(compared).changes.map(({ effect }) => effect)).toEqual([
      'bound, as configured, at web/1000000000000000 (us-east-1): nobody renews it',
    ]);
  });
});

test('a certificate that comes back is not ordered where it is still stored', () => {
  const compared = {
    deployed: configWith({ certificates: [] }),
    wanted: configWith(),
    ...{ records: new Map([['shop', kept]]), now },
  };
  const { causes, changes } = differences(compared);
  expect(changes.map(lineOf)).toEqual([
    '+ shop: example.com and *.example.com → its certificate is stored since earlier, and ends on 2027-02-10: no order, kept in the key store alone',
  ]);
  expect(causes).toEqual([]);
});

test('an order that is due anyway is none of the file', () => {
  const record = emptyRecord('shop', now);
  expect(compare({ after: { owner: 'team' }, record }).causes).toEqual([]);
  const due = healthy({ versions: [versionOf({ origin, notAfter: inDays(20).toISOString() })] });
  expect(compare({ after: { owner: 'team' }, record: due }).causes).toEqual([]);
  const names = ['example.com'];
  expect(compare({ after: { names }, record: due }).causes).toMatchObject([
    { order: { certificate: 'shop', reason: 'names changed: -*.example.com' } },
  ]);
});

test('where nothing is deployed, everything is new', () => {
  const compared = { deployed: null, wanted: configWith(), records: new Map(), now };
  const { causes, changes } = differences(compared);
  expect(changes.map(({ sign, what }) => `${sign} ${what}`)).toEqual(['+ shop']);
  expect(causes).toHaveLength(1);
});

const kmsKey = 'arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c-4b5a-4987-a6b5-c4d3e2f1a0b9';
const retiredKey = { solvers: [], places: [], kmsKeys: [kmsKey] };
const noRetired = { solvers: [], places: [] };
const outOfReach = expect.stringContaining(
  `- retired.kmsKeys: ${kmsKey} → certkeep loses its right to the key`,
);

test('a key that leaves the file and is not retired takes secrets with it, and is told so', () => {
  const deployed = { keyStore: { kmsKey } };
  expect(lines({ deployed, file: { keyStore: {} } })).toContainEqual(outOfReach);
  expect(lines({ deployed, file: { keyStore: {}, retired: retiredKey } })).not.toContainEqual(
    outOfReach,
  );
  expect(lines({ deployed: { retired: retiredKey }, file: { retired: noRetired } })).toEqual([
    outOfReach,
  ]);
  expect(lines({ deployed: {}, file: { keyStore: { kmsKey } } })).toHaveLength(1);
});

test('a network from inside of which endpoints are asked is a line', () => {
  const probe = { subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] };
  const places = { '123456789012/us-east-1': { probe } };
  const found = lines({ deployed: {}, file: { places } });
  expect(found).toHaveLength(1);
  expect(JSON.stringify(found)).toContain(
    '123456789012/us-east-1 from subnet-0a1b2c3d, sg-0a1b2c3d',
  );
  expect(lines({ deployed: { places }, file: { places } })).toEqual([]);
});
