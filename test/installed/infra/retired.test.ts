import { expect, test } from 'vitest';
import { functionRights, placeRights } from '#infra/rights/rights.ts';
import type { Statement } from '#infra/rights/statement.ts';
import type { FunctionName } from '#shared/installation.ts';
import { albYaml, certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { configOf, synthesized } from '#test/support/synth.ts';

const home = '123456789012';
const other = '210987654321';

const surroundings = {
  keyArn: 'arn:aws:kms:us-east-1:123456789012:key/mrk-1',
  replicaKeyArn: (region: string) => `arn:aws:kms:${region}:123456789012:key/mrk-1`,
  configBucket: 'assets',
};

/** Targets in these places, and those retired. */
function yamlWith(targets: readonly string[], retired: readonly string[]): string {
  const listeners = targets.map((place) => {
    const [account, region] = place.split('/');
    const arn = `arn:aws:elasticloadbalancing:${region}:${account}:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2`;
    return albYaml('default', arn);
  });
  return configYaml({
    certificates: certificatesYaml({ shop: { targets: `[${listeners}]` } }),
    retired: `retired: {places: [${retired}]}`,
  });
}

function rightsOf(name: FunctionName, text: string): readonly Statement[] {
  return functionRights(name, configOf(text), surroundings);
}

/** What the statements allow on resources of a place, except on those of everywhere. */
function actionsIn(statements: readonly Statement[], place: string): readonly string[] {
  const [account, region] = place.split('/');
  return statements
    .filter(({ resources }) => resources.some((each) => each.includes(`:${region}:${account}:`)))
    .flatMap(({ actions }) => actions)
    .toSorted();
}

const cleaningUp = [
  'acm:DeleteCertificate',
  'acm:DescribeCertificate',
  'acm:GetCertificate',
  'acm:ListTagsForCertificate',
  'ssm:DeleteParameter',
];

test('in a retired place deploy may look, and delete its own certificates, but import nothing', () => {
  const rights = rightsOf('deploy', yamlWith([`${home}/us-east-1`], [`${home}/eu-west-1`]));
  expect(actionsIn(rights, `${home}/eu-west-1`)).toEqual(cleaningUp);
  expect(rights.find(({ sid }) => sid === 'DeleteOwnCertificates')).toMatchObject({
    resources: [
      `arn:aws:acm:us-east-1:${home}:certificate/*`,
      `arn:aws:acm:eu-west-1:${home}:certificate/*`,
    ],
    conditions: { StringEquals: { 'aws:ResourceTag/certkeep:managed': 'certkeep' } },
  });
});

test('a parameter may be deleted in retired places only, and only ours', () => {
  const rights = rightsOf('deploy', yamlWith([`${home}/us-east-1`], [`${home}/eu-west-1`]));
  const allowed = rights.filter(({ actions }) => actions.includes('ssm:DeleteParameter'));
  expect(allowed.flatMap(({ resources }) => resources)).toEqual([
    `arn:aws:ssm:eu-west-1:${home}:parameter/certkeep/*`,
  ]);
});

test('certificates are listed where a place is retired, though no target is left', () => {
  const listing = (retired: readonly string[]) =>
    rightsOf('deploy', yamlWith([], retired)).filter(({ sid }) => sid === 'FindCertificates');
  expect([listing([]), listing([`${home}/eu-west-1`])].map(({ length }) => length)).toEqual([0, 1]);
});

test('no other function gets a right in a retired place', () => {
  const text = yamlWith([`${home}/us-east-1`], [`${home}/eu-central-1`]);
  for (const name of ['check', 'issue', 'verify', 'sync', 'alert'] as const) {
    expect(actionsIn(rightsOf(name, text), `${home}/eu-central-1`)).toEqual([]);
  }
});

test('an account whose places are all retired keeps its stack, with the one role that deploy assumes', () => {
  const text = yamlWith([`${home}/us-east-1`], [`${other}/eu-west-1`]);
  const resources = Object.values(synthesized(text).template(`Place-${other}`).Resources);
  const roles = resources.filter(({ Type }) => Type === 'AWS::IAM::Role');
  expect(roles.map(({ Properties }) => Properties.RoleName)).toEqual(['certkeep-us-east-1-place']);
  const rights = placeRights('deploy', configOf(text), other);
  expect(rights.map(({ sid }) => sid)).toEqual([
    'LookAtCertificates',
    'FindCertificates',
    'DeleteOwnCertificates',
    'WithdrawArns',
  ]);
  expect(actionsIn(rights, `${other}/eu-west-1`)).toEqual(cleaningUp);
  expect(actionsIn(rightsOf('deploy', text), `${other}/eu-west-1`)).toEqual([]);
});

test('deploy reaches it still, and verify does not', () => {
  const text = yamlWith([`${home}/us-east-1`], [`${other}/eu-west-1`]);
  const assumed = (name: FunctionName) =>
    rightsOf(name, text)
      .filter(({ actions }) => actions.includes('sts:AssumeRole'))
      .flatMap(({ resources }) => resources);
  expect(assumed('deploy')).toEqual([`arn:aws:iam::${other}:role/certkeep-us-east-1-place`]);
  expect(assumed('verify')).toEqual([]);
});

test('a place that is retired beside others of its account keeps no more than cleaning up needs', () => {
  const places = [`${other}/us-west-2`, `${other}/eu-west-1`] as const;
  const after = yamlWith([places[0]], [places[1]]);
  const config = configOf(after);
  expect(actionsIn(placeRights('deploy', config, other), places[1])).toEqual(cleaningUp);
  expect(actionsIn(placeRights('verify', config, other), places[1])).toEqual([]);
  expect(actionsIn(placeRights('deploy', config, other), places[0])).toContain(
    'acm:ImportCertificate',
  );
});

test('a retired solver keeps its rights on its zone', () => {
  const text = configYaml({
    solvers: 'solvers: [{type: route53, hostedZoneId: ZNEW}]',
    retired: 'retired: {solvers: [{type: route53, hostedZoneId: ZOLD}]}',
  });
  const zones = rightsOf('issue', text)
    .filter(({ actions }) => actions.includes('route53:ChangeResourceRecordSets'))
    .flatMap(({ resources }) => resources);
  expect(zones).toEqual(['arn:aws:route53:::hostedzone/ZNEW', 'arn:aws:route53:::hostedzone/ZOLD']);
});
