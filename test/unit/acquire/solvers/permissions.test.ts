import { describe, expect, test } from 'vitest';
import { functionRights, type Surroundings } from '#infra/rights/rights.ts';
import type { Config } from '#shared/config/config.ts';
import type { SolverConfig } from '#shared/solvers/specs.ts';
import { configYaml, parsed } from '#test/support/config-yaml.ts';

const surroundings: Surroundings = {
  keyArn: 'arn:aws:kms:us-east-1:123456789012:key/k',
  replicaKeyArn: (region) => `arn:aws:kms:${region}:123456789012:key/k`,
  configBucket: 'assets',
};
const roleArn = 'arn:aws:iam::111122223333:role/dns';

function rights(solver: Partial<SolverConfig> & { type: SolverConfig['type'] }, more: object = {}) {
  const solvers = [{ cnameStrategy: 'none', ...solver }] as readonly SolverConfig[];
  const config: Config = { ...parsed(configYaml()).config, solvers, ...more };
  const statements = functionRights('issue', config, surroundings);
  const about = /^(route53|sts|secretsmanager:GetSecretValue$|kms:Decrypt$)/;
  return statements.filter(({ actions }) => actions.every((action) => about.test(action)));
}

const sids = (statements: ReturnType<typeof rights>) => statements.map(({ sid }) => sid);

describe('the issue function may', () => {
  test('write TXT values of challenges to the zone that the solver names, and to no other', () => {
    const found = rights({ type: 'route53', hostedZoneId: 'Z1' });
    expect(sids(found)).toEqual([
      'FindZones',
      'LookAtZones',
      'WriteChallengeValues',
      'FollowChanges',
    ]);
    expect(found[2]).toMatchObject({
      resources: ['arn:aws:route53:::hostedzone/Z1'],
      conditions: {
        'ForAllValues:StringLike': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['_acme-challenge.*'],
        },
      },
    });
  });

  test('write TXT values where CNAMEs lead, only where they are followed', () => {
    const found = rights({ type: 'route53', cnameStrategy: 'follow' });
    const delegated = found.find(({ sid }) => sid === 'WriteDelegatedValues');
    expect(delegated?.resources).toEqual(['arn:aws:route53:::hostedzone/*']);
    expect(JSON.stringify(delegated?.conditions)).not.toContain('_acme-challenge');
  });

  test('act in the role of another account, and do nothing in Route 53 of its own', () => {
    const found = rights({ type: 'route53', roleArn, hostedZoneId: 'Z1', cnameStrategy: 'follow' });
    expect(found).toMatchObject([
      { sid: 'ActInDnsAccount', actions: ['sts:AssumeRole'], resources: [roleArn] },
    ]);
  });

  test.each(['cloudflare', 'alidns', 'dnspod'] as const)(
    'read the secret of %s, and no other',
    (type) => {
      const [read, open, ...more] = rights({ type, secret: 'dns/keys' });
      const secret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:dns/keys-??????';
      expect(read).toMatchObject({ sid: 'ReadDnsCredentials', resources: [secret] });
      expect(open).toMatchObject({
        sid: 'OpenDnsCredentials',
        resources: ['arn:aws:kms:us-east-1:123456789012:key/*'],
        conditions: {
          StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' },
          StringLike: { 'kms:EncryptionContext:SecretARN': secret },
        },
      });
      expect(more).toEqual([]);
    },
  );

  test.each([
    // No one can tell these six characters from those that Secrets Manager adds.
    ['with its six characters', '-AbCdEf', ['-AbCdEf', '-AbCdEf-??????']],
    ['without them, where its name ends in six letters', '-tokens', ['-tokens', '-tokens-??????']],
    ['without them', '', ['-??????']],
  ])('read a secret elsewhere by its ARN %s', (_, end, expected) => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:dns/keys';
    const [read, open] = rights({ type: 'cloudflare', secret: `${arn}${end}` });
    const whole = expected.map((written) => `${arn}${written}`);
    expect(read?.resources).toEqual(whole);
    expect([open?.conditions?.StringLike?.['kms:EncryptionContext:SecretARN']].flat()).toEqual(
      whole,
    );
    expect(open?.resources).toEqual(['arn:aws:kms:eu-west-1:111122223333:key/*']);
  });

  test('clean up after a solver that is out of use', () => {
    const old = { type: 'cloudflare', secret: 'dns/old', cnameStrategy: 'none' } as const;
    const found = rights({ type: 'route53' }, { retired: { solvers: [old], places: [] } });
    expect(sids(found)).toContain('ReadDnsCredentials');
  });
});
