import { expect, test } from 'vitest';
import { parseConfig } from '#shared/config-file/parse.ts';
import { certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { expectRow, type Row } from '#test/support/mistakes.ts';

const certificates = certificatesYaml({ shop: { targets: '[{type: acm}]' } });
const here = '123456789012/us-east-1';
const places = (text: string) => ({ certificates, retired: `places: {${text}}` });
const probe = (fields: string) => places(`"${here}": {probe: {${fields}}}`);
const subnets = 'subnets: [subnet-0a1b2c3d4e5f60718]';
const groups = 'securityGroups: [sg-0a1b2c3d]';
const many = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(8, '0')}`).join();

const rows: readonly Row[] = [
  [
    'a place without a target',
    places(`"123456789012/eu-west-1": {probe: {${subnets}, ${groups}}}`),
    'places["123456789012/eu-west-1"]',
    'has no target',
    `Write one of ${here}.`,
  ],
  [
    'a region alone',
    places(`us-east-1: {probe: {${subnets}, ${groups}}}`),
    'places.us-east-1',
    'is not an account and a region',
    '"123456789012/us-east-1"',
  ],
  [
    'a subnet by its name',
    probe(`subnets: [private-a], ${groups}`),
    `places["${here}"].probe.subnets[0]`,
    'is not the id of a subnet',
    'subnet-0a1b2c3d4e5f60718',
  ],
  [
    'a security group by its name',
    probe(`${subnets}, securityGroups: [default]`),
    `places["${here}"].probe.securityGroups[0]`,
    'is not the id of a security group',
    'sg-0a1b2c3d4e5f60718',
  ],
  [
    'no subnet',
    probe(`subnets: [], ${groups}`),
    `places["${here}"].probe.subnets`,
    '',
    'Write at least one entry.',
  ],
  [
    'seventeen subnets',
    probe(`subnets: [${many('subnet', 17)}], ${groups}`),
    `places["${here}"].probe.subnets`,
    'more than the 16 that Lambda takes',
    'one to 16',
  ],
  [
    'six security groups',
    probe(`${subnets}, securityGroups: [${many('sg', 6)}]`),
    `places["${here}"].probe.securityGroups`,
    'more than the 5 that Lambda takes',
    'one to 5',
  ],
  [
    'no security groups',
    probe(subnets),
    `places["${here}"].probe.securityGroups`,
    'is missing',
    'Write one to 5 ids',
  ],
  [
    'a key that is none',
    probe(`${subnets}, ${groups}, vpc: vpc-0a1b2c3d`),
    `places["${here}"].probe.vpc`,
    'is not a key known here',
    '',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));

test('all of them are told at once', () => {
  const text = configYaml(
    places(`us-east-1: {}, "${here}": {probe: {subnets: [a], securityGroups: [b]}}`),
  );
  const reading = parseConfig(text);
  expect(reading.ok || reading.problems.map(({ path }) => path)).toEqual([
    `places["${here}"].probe.subnets[0]`,
    `places["${here}"].probe.securityGroups[0]`,
    'places.us-east-1',
  ]);
});
