import { expect, test } from 'vitest';
import { certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { synthesized } from '#test/support/synth.ts';

const addresses = [
  'ops@certkeep.dev',
  '{address: shop@certkeep.dev, owners: [team-shop, team-pay, team-shop]}',
  '{address: pager@certkeep.dev, severities: [critical]}',
  '{address: pay@certkeep.dev, owners: [team-pay], severities: [critical, warning]}',
];
const text = configYaml({
  alerts: `alerts: {email: [${addresses.join(', ')}]}`,
  certificates: certificatesYaml({
    shop: { more: 'owner: team-shop' },
    pay: { names: '[pay.example.com]', more: 'owner: team-pay' },
  }),
});

/** Each address of a topic, with the whole of its filter policy. */
function subscriptionsOf(topicName: string, written = text) {
  const { Resources } = synthesized(written).template('Certkeep');
  const [id] =
    Object.entries(Resources).find(([, { Properties }]) => Properties?.TopicName === topicName) ??
    [];
  return Object.values(Resources)
    .filter(
      ({ Type, Properties }) => Type === 'AWS::SNS::Subscription' && Properties.TopicArn.Ref === id,
    )
    .map(({ Properties: { Endpoint, FilterPolicy, FilterPolicyScope } }) => [
      Endpoint,
      FilterPolicy,
      FilterPolicyScope,
    ]);
}

test('an address gets what carries its owners and its severities, or everything', () => {
  expect(subscriptionsOf('certkeep-alerts')).toEqual([
    ['ops@certkeep.dev', undefined, undefined],
    ['shop@certkeep.dev', { owner: ['team-shop', 'team-pay'] }, undefined],
    ['pager@certkeep.dev', { severity: ['critical'] }, undefined],
    ['pay@certkeep.dev', { owner: ['team-pay'], severity: ['critical', 'warning'] }, undefined],
  ]);
});

test('every address gets every alarm', () => {
  expect(subscriptionsOf('certkeep-watch')).toEqual(
    ['ops', 'shop', 'pager', 'pay'].map((name) => [`${name}@certkeep.dev`, undefined, undefined]),
  );
});

test('another choice of an address is the same subscription, which nobody has to confirm again', () => {
  const idsOf = (written: string) =>
    Object.entries(synthesized(written).template('Certkeep').Resources)
      .filter(([, { Type }]) => Type === 'AWS::SNS::Subscription')
      .map(([id]) => id);
  const plain = configYaml({
    alerts:
      'alerts: {email: [ops@certkeep.dev, shop@certkeep.dev, pager@certkeep.dev, pay@certkeep.dev]}',
  });
  expect(idsOf(text)).toHaveLength(8);
  expect(idsOf(plain)).toEqual(idsOf(text));
});
