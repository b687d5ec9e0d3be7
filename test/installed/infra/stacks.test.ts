import { RegionInfo } from 'aws-cdk-lib/region-info';
import { expect, test } from 'vitest';
import { functionRights } from '#infra/rights/rights.ts';
import { domainOf, partitionOf } from '#shared/region.ts';
import { configYaml, healthyParts } from '#test/support/config-yaml.ts';
import { configOf, synthesized } from '#test/support/synth.ts';

const otherAccount = '210987654321';

/** Home in us-east-1, copies in two further regions, a listener in another account. */
const wide = configYaml({
  replicas: 'replicas: [eu-west-1, ap-southeast-2]',
  certificates: [
    'certificates:',
    '  shop:',
    '    names: [shop.example.com]',
    '    issuer: letsencrypt',
    '    targets:',
    `      - {type: alb, listener: "arn:aws:elasticloadbalancing:eu-west-1:${otherAccount}:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2"}`,
  ].join('\n'),
});

test('a region that keeps a copy gets a bucket and a replica of the key, under the same alias', () => {
  const { names, template } = synthesized(wide);
  expect(names).toEqual(
    expect.arrayContaining(['Certkeep', 'Replica-eu-west-1', 'Replica-ap-southeast-2']),
  );
  const of = (stack: string, type: string) =>
    Object.values(template(stack).Resources).find(({ Type }) => Type === type)?.Properties;
  const replica = of('ReplicaKey-eu-west-1', 'AWS::KMS::ReplicaKey');
  const read = replica.PrimaryKeyArn['Fn::GetStackOutput'];
  expect(read).toMatchObject({ StackName: 'certkeep-key-of-us-east-1', Region: 'us-east-1' });
  expect(template('Key').Outputs?.[read.OutputName]?.Value).toEqual(
    template('Key').Outputs?.KeyArn?.Value,
  );
  expect(of('Replica-eu-west-1', 'AWS::KMS::Alias').AliasName).toBe('alias/certkeep');
  expect(of('Replica-eu-west-1', 'AWS::S3::Bucket').BucketName).toBe(
    'certkeep-123456789012-eu-west-1',
  );
});

test('the replica of a key is alone in its stack, so that nothing else takes it along when it fails', () => {
  const resources = Object.values(synthesized(wide).template('ReplicaKey-eu-west-1').Resources);
  const types = resources.map(({ Type }) => Type).filter((type) => type !== 'AWS::CDK::Metadata');
  expect(types).toEqual(['AWS::KMS::ReplicaKey']);
  expect(resources[0]?.Properties.PendingWindowInDays).toBe(7);
});

test('home begins to work last: the key, its replicas and the buckets of the copies are there before', () => {
  const { names } = synthesized(wide);
  expect(names.at(-1)).toBe('Certkeep');
  for (const region of ['eu-west-1', 'ap-southeast-2']) {
    const order = ['Key', `ReplicaKey-${region}`, `Replica-${region}`, 'Certkeep'];
    const places = order.map((name) => names.indexOf(name));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
  }
});

test('issue may use the key of a copy as either page of AWS on replicas asks for, through Secrets Manager alone', () => {
  const role = synthesized(wide)
    .all('AWS::IAM::Role')
    .find(({ Properties }) => Properties.RoleName === 'certkeep-us-east-1-issue');
  const statement = role?.Properties.Policies[0].PolicyDocument.Statement.find(
    ({ Sid }: { Sid: string }) => Sid === 'EncryptReplicas',
  );
  expect(statement.Action.toSorted()).toEqual([
    'kms:Decrypt',
    'kms:Encrypt',
    'kms:GenerateDataKey',
  ]);
  const via = statement.Condition.StringEquals['kms:ViaService'];
  expect(via.filter((service: string) => !service.startsWith('secretsmanager.'))).toEqual([]);
});

test('another account trusts exactly the deploy role, and for looking the verify role', () => {
  const roles = Object.values(synthesized(wide).template(`Place-${otherAccount}`).Resources);
  const trusted = roles.map(({ Properties }) => [
    Properties.RoleName,
    Properties.AssumeRolePolicyDocument.Statement.map(
      ({ Condition }: { Condition: object }) => Condition,
    ),
  ]);
  const onlyFor = (name: string) => [
    {
      ArnEquals: {
        'aws:PrincipalArn': `arn:aws:iam::123456789012:role/certkeep-us-east-1-${name}`,
      },
    },
  ];
  expect(trusted).toEqual([
    ['certkeep-us-east-1-place', onlyFor('deploy')],
    ['certkeep-us-east-1-place-reader', onlyFor('verify')],
  ]);
});

test('its stack stays where it is whichever regions have targets: elsewhere it would meet its own roles', () => {
  const [before, after] = [wide, wide.replace('ing:eu-west-1:', 'ing:ap-northeast-1:')];
  expect(after).not.toBe(before);
  const regions = [before, after].map((text) => synthesized(text).region(`Place-${otherAccount}`));
  expect(regions).toEqual(['us-east-1', 'us-east-1']);
});

test('the roles of other accounts are there before anything could ask for them', () => {
  const { names } = synthesized(wide);
  expect(names.indexOf(`Place-${otherAccount}`)).toBeLessThan(names.indexOf('Certkeep'));
});

test('an installation of the same name, but another home, takes over no stack of this one', () => {
  const standing = (text: string) => {
    const { names, standing } = synthesized(text);
    return names.map(standing);
  };
  const elsewhere = wide.replace('region: us-east-1', 'region: us-west-2');
  const others = wide.replace('"123456789012"', '"333333333333"');
  const all = [wide, elsewhere, others].flatMap(standing);
  expect(all).toHaveLength(21);
  expect(new Set(all).size).toBe(all.length);
});

test('the rights in the other account concern that account and region only', () => {
  const text = JSON.stringify(synthesized(wide).template(`Place-${otherAccount}`));
  const arns = [...text.matchAll(/arn:aws:(?:acm|elasticloadbalancing|ssm):([^:]+):(\d+):/g)];
  expect(new Set(arns.map(([, region, account]) => `${account}/${region}`))).toEqual(
    new Set([`${otherAccount}/eu-west-1`]),
  );
});

test('without replicas and other accounts there are the key and home, and nobody may replicate or assume', () => {
  const { names, template } = synthesized(configYaml({ replicas: '' }));
  expect(names).toEqual(['Key', 'Certkeep']);
  const text = JSON.stringify(template('Certkeep'));
  expect(text).not.toMatch(/ReplicateSecretToRegions|"Sid":"ReachPlaces/);
});

test('a second installation shares no name with the first', () => {
  const home = `${healthyParts.home}\ninstallation: other`;
  const namesIn = (text: string) =>
    Object.values(synthesized(text).template('Certkeep').Resources)
      // The name of an alias stands below that of its function.
      .filter(({ Type }) => Type !== 'AWS::Lambda::Alias')
      .flatMap(({ Properties }) => Object.entries(Properties ?? {}))
      .filter(
        ([key, value]) => key !== 'MetricName' && /Name$/.test(key) && typeof value === 'string',
      )
      .map(([, value]) => value);
  const first = namesIn(configYaml());
  expect(first.length).toBeGreaterThan(30);
  expect(namesIn(configYaml({ home })).filter((name) => first.includes(name))).toEqual([]);
});

test.each([
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
  ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
])(
  'in %s keys are used through the services of that partition, by either name',
  (region, partition, domain) => {
    const rights = functionRights(
      'issue',
      configOf(
        configYaml({
          replicas: '',
          home: `home: {account: "123456789012", region: ${region}}`,
          solvers: 'solvers: [{type: cloudflare, secret: dns/cloudflare}]',
        }),
      ),
      {
        keyArn: 'key',
        replicaKeyArn: () => 'replica',
        configBucket: 'assets',
      },
    );
    const via = rights.flatMap(
      ({ conditions }) => conditions?.StringEquals?.['kms:ViaService'] ?? [],
    );
    for (const service of ['s3', 'secretsmanager']) {
      expect(via).toContain(`${service}.${region}.${domain}`);
      expect(via).toContain(`${service}.${region}.amazonaws.com`);
    }
    const other = rights.flatMap(({ resources }) => resources.filter((each) => /^arn:/.test(each)));
    for (const arn of other) expect(arn.split(':')[1]).toBe(partition);
  },
);

test('partitions and their domains are those that the CDK knows', () => {
  const regions = RegionInfo.regions.filter(
    ({ partition, domainSuffix }) => partition && domainSuffix,
  );
  expect(regions.length).toBeGreaterThan(30);
  for (const { name, partition, domainSuffix } of regions) {
    expect([name, partitionOf(name), domainOf(name)]).toEqual([name, partition, domainSuffix]);
  }
});

test('in China every ARN and service name is of that partition', () => {
  const china = configYaml({
    home: 'home: {account: "123456789012", region: cn-north-1}',
    replicas: 'replicas: [cn-northwest-1]',
  });
  const text = JSON.stringify(synthesized(china).template('Certkeep'));
  expect(text).not.toMatch(/arn:aws:/);
  expect(text).toContain('s3.cn-north-1.amazonaws.com.cn');
});
