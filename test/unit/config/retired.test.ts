import { expect, test } from 'vitest';
import {
  albYaml,
  certificatesYaml,
  configYaml,
  parsed,
  problemsOf,
} from '#test/support/config-yaml.ts';

const solvers = (text: string) => configYaml({ retired: `retired: {solvers: ${text}}` });
const places = (text: string) => configYaml({ retired: `retired: {places: ${text}}` });

test('only named solvers and places are retired', () => {
  expect(parsed(configYaml()).config.retired).toEqual({ solvers: [], places: [] });
});

test('solvers and places are read as they are written', () => {
  const retired =
    'retired: {solvers: [{type: route53, hostedZoneId: Z1}], places: [123456789012/eu-west-1, 012345678901/us-east-1]}';
  expect(parsed(configYaml({ retired })).config.retired).toEqual({
    solvers: [{ type: 'route53', hostedZoneId: 'Z1', cnameStrategy: 'none' }],
    places: ['123456789012/eu-west-1', '012345678901/us-east-1'],
  });
});

test('a retired solver is for no name, so that it has no selector', () => {
  const text = solvers('[{type: route53, hostedZoneId: Z1, selector: {dnsZones: [a.com]}}]');
  expect(problemsOf(text)).toMatchObject([
    { path: 'retired.solvers[0].selector', message: 'is not a key known here' },
  ]);
});

test('a retired solver that is configured too is pointless', () => {
  expect(problemsOf(solvers('[{type: route53, hostedZoneId: Z1}, {type: route53}]'))).toMatchObject(
    [
      {
        path: 'retired.solvers[1]',
        line: 12,
        value: 'route53',
        message: 'is still used: it is solvers[0] too',
        fix: 'Remove it here: a configured solver cleans up after itself.',
      },
    ],
  );
});

test('a solver with a selector is the same way of publishing as without', () => {
  const configured = 'solvers: [{type: route53, hostedZoneId: Z1, selector: {}}, {type: route53}]';
  const retired = 'retired: {solvers: [{type: route53, hostedZoneId: Z1}]}';
  expect(problemsOf(configYaml({ solvers: configured, retired }))).toHaveLength(1);
});

test('a solver is retired once', () => {
  const one = '{type: route53, hostedZoneId: Z1}';
  expect(problemsOf(solvers(`[${one}, ${one}]`))).toMatchObject([
    { path: 'retired.solvers[1]', message: 'is listed twice', fix: 'Remove one of the two.' },
  ]);
});

test.each(['eu-west-1', '123456789012', '12/eu-west-1', '123456789012/Ireland', 'a/b/c'])(
  '"%s" is no place, and the message says what is one',
  (place) => {
    expect(problemsOf(places(`["${place}"]`))).toMatchObject([
      {
        path: 'retired.places[0]',
        line: 12,
        value: place,
        message: 'is not an account and a region',
        fix: 'Write both with a slash between: "123456789012/us-east-1".',
      },
    ]);
  },
);

test('a place of another partition was never deployed to from here', () => {
  expect(problemsOf(places('[123456789012/cn-north-1]'))).toMatchObject([
    {
      path: 'retired.places[0]',
      value: '123456789012/cn-north-1',
      message: 'is in the partition aws-cn, out of reach from us-east-1',
    },
  ]);
});

test('a place is retired once', () => {
  const place = '123456789012/eu-west-1';
  expect(problemsOf(places(`[${place}, ${place}]`))).toMatchObject([
    { path: 'retired.places[1]', message: 'is listed twice' },
  ]);
});

test('a place that a target names is still used', () => {
  const shop = { key: 'rsa-2048', targets: '[{type: clb, loadBalancer: a, region: eu-west-1}]' };
  const certificates = certificatesYaml({ shop, web: { targets: `[${albYaml('sni')}]` } });
  const retired =
    'retired: {places: [123456789012/us-east-1, 123456789012/eu-west-1, 123456789012/us-west-2]}';
  expect(problemsOf(configYaml({ certificates, retired }))).toMatchObject([
    {
      path: 'retired.places[0]',
      value: '123456789012/us-east-1',
      message: 'is still used by certificates.web.targets[0]',
      fix: 'Remove it here, or take every target in it out of the configuration.',
    },
    { path: 'retired.places[1]', message: 'is still used by certificates.shop.targets[0]' },
  ]);
});
