import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSame } from '#cli/prepare/diff/decide/affected.ts';
import { differences } from '#cli/prepare/diff/decide/differences.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { deployedText } from '#shared/config/deployed.ts';
import { keyAlgorithms } from '#shared/key-algorithm.ts';
import { emptyRecord } from '#shared/ledger/record/record.ts';
import { albTargetOf } from '#test/support/bound.ts';
import { configWith, healthy, now, silent, wanted } from '#test/support/healthy.ts';

const few = { maxLength: 3 } as const;
const someNames = fc.uniqueArray(
  fc.constantFrom('a.example.com', 'b.example.com', 'c.example.org'),
  {
    ...few,
    minLength: 1,
  },
);
const places = ['us-east-1', 'eu-west-1'].map((region) => ({ account: '123456789012', region }));
const aTarget = fc
  .record({
    name: fc.constantFrom('web', 'api'),
    place: fc.constantFrom(...places),
    certificate: fc.constantFrom('default' as const, 'sni' as const, 'both' as const),
  })
  .map(({ certificate, name, place }) => ({ ...albTargetOf(name, place), certificate }));

const aCertificate = fc
  .record(
    {
      names: someNames,
      issuers: fc.constantFrom(['one'], ['two'], ['one', 'two'], ['two', 'one']),
      key: fc.constantFrom(...keyAlgorithms),
      rotation: fc.constantFrom('always' as const, 'reuse' as const),
      adopt: fc.constantFrom('new-arn' as const, 'in-place' as const),
      targets: fc.uniqueArray(aTarget, { ...few, selector: (each) => JSON.stringify(each) }),
      renewBeforeDays: fc.constantFrom(20, 30.5),
      owner: fc.constantFrom('team-a', 'team-b'),
      maintenance: fc.constantFrom(
        { timeZone: 'UTC', mode: 'allow' as const, windows: [{ start: 0, minutes: 60 }] },
        { timeZone: 'UTC', mode: 'forbid' as const, windows: [{ start: 0, minutes: 60 }] },
      ),
    },
    { requiredKeys: ['names', 'issuers', 'key', 'rotation', 'adopt', 'targets'] },
  )
  .map((each): Partial<CertificateConfig> => ({ ...each, domains: ['example.com'] }));

const anIssuer = fc.record(
  {
    type: fc.constant('acme' as const),
    directory: fc.constantFrom('https://a.example/directory', 'https://b.example/directory'),
    termsOfServiceAgreed: fc.constant(true as const),
    contact: fc.constantFrom<string[]>([], ['mailto:a@example.com']),
    profile: fc.constantFrom('shortlived', 'classic'),
    preferredChain: fc.constant('Root X'),
    externalAccountBinding: fc.constantFrom({ secret: 'a' }, { secret: 'b' }),
    limits: fc.constant({ orders: { count: 3, perMs: 1_000 } }),
  },
  { requiredKeys: ['type', 'directory', 'termsOfServiceAgreed', 'contact'] },
);

const aSolver = fc.constantFrom<Config['solvers'][number]>(
  { type: 'route53', cnameStrategy: 'none' },
  { type: 'route53', cnameStrategy: 'follow', hostedZoneId: 'Z1' },
  {
    type: 'cloudflare',
    cnameStrategy: 'none',
    secret: 'dns/cloudflare',
    selector: { dnsZones: ['b.de'] },
  },
);
const someSolvers = fc.uniqueArray(aSolver, few);
const someAddresses = fc.uniqueArray(
  fc.record(
    {
      address: fc.constantFrom('a@b.de', 'c@d.de'),
      owners: fc.constantFrom(['team-a'], ['team-b']),
    },
    { requiredKeys: ['address'] },
  ),
  { ...few, selector: ({ address }) => address },
);

const aConfig = fc
  .record(
    {
      certificates: fc.dictionary(fc.constantFrom('shop', 'blog', 'mail', 'api'), aCertificate),
      issuers: fc.record({ one: anIssuer, two: anIssuer }),
      solvers: someSolvers,
      replicas: fc.uniqueArray(fc.constantFrom('eu-west-1', 'eu-central-1'), few),
      alerts: fc.record(
        {
          expiringDays: fc.constantFrom([21, 7], [14]),
          email: someAddresses,
          digest: fc.constantFrom('weekly' as const, 'never' as const),
          runbook: fc.constantFrom('docs/runbook.md', 'https://runbook.example'),
          heartbeat: fc.constant({ secret: 'beat' }),
        },
        { requiredKeys: ['expiringDays', 'email', 'digest', 'runbook'] },
      ),
      concurrency: fc.record({
        ...{ issue: fc.integer({ min: 2, max: 4 }), deploy: fc.constant(2) },
        verify: fc.constant(2),
      }),
      externalId: fc.constant('0123456789abcdef'),
      breakGlassRole: fc.constant('emergency'),
      retired: fc.record({
        solvers: someSolvers,
        places: fc.uniqueArray(fc.constant('123456789012/eu-central-1'), few),
      }),
    },
    {
      requiredKeys: [
        'certificates',
        'issuers',
        'solvers',
        'replicas',
        'alerts',
        'concurrency',
        'retired',
      ],
    },
  )
  .map(({ certificates, ...rest }) =>
    configWith({
      ...rest,
      certificates: Object.entries(certificates).map(([id, each]) => wanted({ ...each, id })),
    }),
  );

/** Nothing, a healthy certificate, or one that nobody could read. */
const someRecords = fc
  .array(fc.constantFrom('none', 'well', 'unread'), { minLength: 4, maxLength: 4 })
  .map((kinds) => {
    const ids = ['shop', 'blog', 'mail', 'api'];
    const known = ids.filter((_, index) => kinds[index] !== 'unread');
    return new Map(
      known.map((id) => [
        id,
        kinds[ids.indexOf(id)] === 'none' ? emptyRecord(id, now) : { ...healthy(), id },
      ]),
    );
  });

test('a configuration and itself have no difference, whatever the records say', () => {
  fc.assert(
    fc.property(aConfig, someRecords, (config, records) => {
      const deployed = JSON.parse(deployedText(config)).config;
      const found = differences({ deployed, wanted: config, records, now });
      expect(found).toEqual({ changes: [], causes: [] });
    }),
  );
});

test('whatever differs is told, and told in words', () => {
  fc.assert(
    fc.property(aConfig, aConfig, someRecords, (deployed, file, records) => {
      fc.pre(!isSame(inOneOrder(deployed), inOneOrder(file)));
      const { changes } = differences({ deployed, wanted: file, records, now });
      expect(changes).not.toEqual([]);
      for (const { effect, text, what } of changes) {
        expect(`${what} ${text} ${effect}`).not.toMatch(/undefined|null|\[object|NaN/);
      }
    }),
    { numRuns: 300 },
  );
});

test('each single setting is told', () => {
  fc.assert(
    fc.property(aConfig, aConfig, fc.nat(), someRecords, (deployed, other, draw, records) => {
      const keys = Object.keys({ ...deployed, ...other }) as (keyof Config)[];
      const key = keys[draw % keys.length] ?? 'alerts';
      const file = { ...deployed, [key]: other[key] };
      fc.pre(!isSame(inOneOrder(deployed), inOneOrder(file)));
      expect(differences({ deployed, wanted: file, records, now }).changes).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});

/** The order of certificates, names, targets and addresses means nothing. */
function inOneOrder(config: Config): unknown {
  const { alerts = silent, certificates, replicas } = config;
  return {
    ...config,
    replicas: replicas.toSorted(),
    alerts: { ...alerts, email: sorted(alerts.email) },
    retired: { ...config.retired, solvers: sorted(config.retired.solvers) },
    certificates: sorted(
      certificates.map((each) => ({
        ...each,
        names: each.names.toSorted(),
        targets: sorted(each.targets),
      })),
    ),
  };
}

function sorted(list: readonly unknown[]): readonly string[] {
  return list.map((each) => JSON.stringify(each)).toSorted();
}
