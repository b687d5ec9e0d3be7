import { expect, test } from 'vitest';
import { expiryNotice } from '#infra/parts/expiring.ts';
import { watchersOf } from '#shared/check/observations/watchers.ts';
import { certificatesYaml, configYaml, parsed } from '#test/support/config-yaml.ts';
import { synthesized, type Template } from '#test/support/synth.ts';

const [home, replica, further] = ['us-east-1', 'eu-west-1', 'ap-southeast-2'] as const;

function alb(region: string, { account = '123456789012', name = 'shop' } = {}): string {
  return `{type: alb, listener: "arn:aws:elasticloadbalancing:${region}:${account}:listener/app/${name}/50dc6c495c0c9188/f2f7dc8efc522ab2"}`;
}

/** Two certificates at home, one of them in a region with a copy and in a further one as well. */
const wide = configYaml({
  certificates: certificatesYaml({
    shop: { targets: `[${alb(home)}]` },
    pay: {
      names: '[pay.example.com, "*.pay.example.com"]',
      targets: `[${[home, replica, further].map((region) => alb(region, { name: 'pay' })).join(', ')}]`,
    },
  }),
});

const of = (template: Template, type: string) =>
  Object.values(template.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);

function ruleIn(text: string, stack: string) {
  const rules = of(synthesized(text).template(stack), 'AWS::Events::Rule');
  const found = rules.filter(({ EventPattern }) => EventPattern.source[0] === 'aws.acm');
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0] ?? null;
}

/** The names by which a rule recognizes certificates; null where it takes every imported one. */
function namesOf(text: string, stack: string) {
  const { $or } = ruleIn(text, stack).EventPattern.detail;
  if (!$or) return null;
  const [common, alternative] = $or;
  expect(alternative.FirstSubjectAlternativeName).toEqual(common.CommonName);
  return common.CommonName;
}

test('each region of the home account with targets has one rule on the default bus, for the names that are there', () => {
  expect(namesOf(wide, 'Certkeep')).toEqual([
    'shop.example.com',
    'pay.example.com',
    '*.pay.example.com',
  ]);
  for (const stack of [`Replica-${replica}`, `Watch-${further}`]) {
    expect(namesOf(wide, stack)).toEqual(['pay.example.com', '*.pay.example.com']);
    expect(ruleIn(wide, stack)).not.toHaveProperty('EventBusName');
  }
});

test('it matches seven, three and one days before the end, of imported certificates that live for 25 days at least', () => {
  expect(ruleIn(wide, 'Certkeep').EventPattern).toMatchObject({
    source: ['aws.acm'],
    'detail-type': ['ACM Certificate Approaching Expiration'],
    detail: {
      DaysToExpiry: [7, 3, 1],
      ValidityInDays: [{ numeric: ['>=', 25] }, { exists: false }],
      CertificateKeyPairOrigin: ['CUSTOMER_PROVIDED', { exists: false }],
    },
  });
});

test('more names than a pattern takes make it match every imported certificate', () => {
  const withNames = (count: number) => {
    const names = Array.from({ length: count }, (_, index) => `name-${index}.example.com`);
    return configYaml({
      certificates: certificatesYaml({
        shop: { names: `[${names.join(', ')}]`, targets: `[${alb(home)}]` },
      }),
    });
  };
  expect(namesOf(withNames(35), 'Certkeep')).toHaveLength(35);
  const { EventPattern } = ruleIn(withNames(35), 'Certkeep');
  expect(JSON.stringify(EventPattern).length).toBeLessThanOrEqual(2_048);
  expect(namesOf(withNames(45), 'Certkeep')).toBeNull();
});

test('the topic of a further region is like the one at home: no key of its own, the same addresses', () => {
  for (const stack of ['Certkeep', `Replica-${replica}`, `Watch-${further}`]) {
    const template = synthesized(wide).template(stack);
    const topics = of(template, 'AWS::SNS::Topic');
    const TopicName = stack.startsWith('Watch-') ? `certkeep-watch-of-${home}` : 'certkeep-watch';
    expect(topics.filter((each) => each.TopicName.includes('watch'))).toEqual([{ TopicName }]);
    const subscribed = of(template, 'AWS::SNS::Subscription').filter(({ TopicArn }) =>
      TopicArn.Ref.includes('Watch'),
    );
    expect(subscribed.map(({ Endpoint }) => Endpoint)).toEqual(['ops@certkeep.dev']);
  }
});

test('EventBridge may publish, without a condition, since it tells SNS nothing that one could compare', () => {
  for (const stack of ['Certkeep', `Replica-${replica}`, `Watch-${further}`]) {
    const policies = of(synthesized(wide).template(stack), 'AWS::SNS::TopicPolicy');
    const allowed = policies
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Principal }) => Principal.Service === 'events.amazonaws.com');
    expect(allowed).toEqual([
      {
        Action: 'sns:Publish',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Resource: { Ref: expect.stringContaining('Watch') },
        Sid: expect.any(String),
      },
    ]);
  }
});

test('the text is one line in quotes, and points to the entry of the runbook', () => {
  const [target, ...others] = ruleIn(wide, `Watch-${further}`).Targets;
  expect(others).toEqual([]);
  expect(Object.keys(target).toSorted()).toEqual(['Arn', 'Id', 'InputTransformer']);
  const text = JSON.parse(target.InputTransformer.InputTemplate);
  expect(text).toMatch(/^certkeep: AWS Certificate Manager reports [^"\n]+$/);
  expect(text.endsWith(`see docs/runbook.md#${expiryNotice.toLowerCase()}`)).toBe(true);
});

test('a region that has neither home nor a copy has a small stack of its own, before home', () => {
  const { names, region, standing, template } = synthesized(wide);
  expect(names.filter((name) => name.startsWith('Watch-'))).toEqual([`Watch-${further}`]);
  expect(names.at(-1)).toBe('Certkeep');
  expect(region(`Watch-${further}`)).toBe(further);
  expect(standing(`Watch-${further}`)).toBe(`certkeep-watch-of-${home} 123456789012 ${further}`);
  const types = new Set(Object.values(template(`Watch-${further}`).Resources).map((it) => it.Type));
  types.delete('AWS::CDK::Metadata');
  expect([...types].toSorted()).toEqual([
    'AWS::Events::Rule',
    'AWS::SNS::Subscription',
    'AWS::SNS::Topic',
    'AWS::SNS::TopicPolicy',
  ]);
});

test('where the home account has no targets there is no rule, also not for those of other accounts', () => {
  const elsewhere = configYaml({
    certificates: certificatesYaml({
      shop: { targets: `[${alb(further, { account: '210987654321' })}]` },
    }),
  });
  expect(synthesized(elsewhere).names.filter((name) => name.startsWith('Watch-'))).toEqual([]);
  for (const stack of ['Certkeep', `Replica-${replica}`]) {
    expect(ruleIn(elsewhere, stack)).toBeNull();
  }
});

/** The services that the policies of a stack let publish, by the name of the topic. */
function publishersIn(stack: string) {
  const { Resources } = synthesized(wide).template(stack);
  const topics = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::SNS::Topic');
  const statements = of(synthesized(wide).template(stack), 'AWS::SNS::TopicPolicy')
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Effect, Principal }) => Effect === 'Allow' && Principal.Service);
  return topics.map(([id, { Properties }]) => {
    const own = statements.filter(({ Resource }) => Resource.Ref === id);
    return [Properties.TopicName, own.map(({ Principal }) => Principal.Service)] as const;
  });
}

test('check looks at every topic that there is, and for every service that publishes there', () => {
  const { names, region } = synthesized(wide);
  const here = names.flatMap((stack) =>
    publishersIn(stack).map(([name, services]) => ({ name, region: region(stack), services })),
  );
  const looked = watchersOf(parsed(wide).config).topics;
  const where = (topics: readonly { readonly name: string; readonly region: string }[]) =>
    topics.map((topic) => `${topic.name} ${topic.region}`).toSorted();
  expect(where(looked)).toEqual(where(here));
  for (const { name, publishers, region: at } of looked) {
    const found = here.find((each) => each.name === name && each.region === at);
    expect(found?.services).toEqual(expect.arrayContaining([...publishers]));
    const rings = synthesized(wide).names.some(
      (stack) => region(stack) === at && hasAlarmsOver(stack),
    );
    expect(publishers.includes('cloudwatch.amazonaws.com')).toBe(rings && name.endsWith('watch'));
  }
});

const hasAlarmsOver = (stack: string) =>
  of(synthesized(wide).template(stack), 'AWS::CloudWatch::Alarm').length > 0;
