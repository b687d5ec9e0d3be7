import { expect, test } from 'vitest';
import { certificatesYaml, configYaml, parsed } from '#test/support/config-yaml.ts';
import { problemOf, warningOf } from '#test/support/mistakes.ts';

const here = '123456789012/us-east-1';
const old = '{type: clb, loadBalancer: old, store: iam}';

const shop = (targets: string, retired = '') => ({
  certificates: certificatesYaml({ shop: { targets: `[${targets}]` } }),
  retired,
});

/** As many certificates as that, each with a server certificate of IAM in some regions. */
function fleet(count: number, regions: readonly string[] = ['us-east-1']) {
  const entries = Array.from({ length: count }, (_, index) => {
    const targets = regions.map(
      (region) => `{type: clb, loadBalancer: b${index}, region: ${region}, store: iam}`,
    );
    return [`c${index}`, { names: `[c${index}.example.com]`, targets: `[${targets}]` }] as const;
  });
  return { certificates: certificatesYaml(Object.fromEntries(entries)) };
}

test('ACM and IAM of an account and region are two places, retired one by one', () => {
  const { config } = parsed(configYaml(shop('{type: acm}', `retired: {places: ["${here}/iam"]}`)));
  expect(config.retired.places).toEqual([`${here}/iam`]);
  expect(problemOf(shop(old, `retired: {places: ["${here}/iam"]}`))).toMatchObject({
    path: 'retired.places[0]',
    message: expect.stringContaining('is still used by certificates.shop.targets[0]'),
  });
  parsed(configYaml(shop(old, `retired: {places: ["${here}"]}`)));
});

test('a store that there is not is no place', () => {
  const problem = problemOf(shop(old, `retired: {places: ["${here}/acm"]}`));
  expect(problem.message).toContain('is not an account and a region');
});

test('a rollout begins at one of the two', () => {
  const both = `${old}, {type: acm}`;
  const { config } = parsed(configYaml(shop(both, `rollout: {first: ["${here}/iam"]}`)));
  expect(config.certificates[0]?.rollout?.first).toEqual([`${here}/iam`]);
});

test('a probe is in a network, whatever the store of its targets', () => {
  const probe = '{probe: {subnets: [subnet-0a1b2c3d4e5f60718], securityGroups: [sg-0a1b2c3d]}}';
  parsed(configYaml(shop(old, `places: {"${here}": ${probe}}`)));
  expect(problemOf(shop(old, `places: {"${here}/iam": ${probe}}`))).toMatchObject({
    path: `places["${here}/iam"]`,
    message: expect.stringContaining('is not an account and a region'),
  });
});

test('one listener has one certificate, whichever store it is from', () => {
  const twice = {
    certificates: certificatesYaml({
      shop: { targets: `[${old}]` },
      mail: {
        names: '[mail.example.com]',
        key: 'rsa-2048',
        targets: '[{type: clb, loadBalancer: old}]',
      },
    }),
  };
  expect(problemOf(twice).path).toMatch(/^certificates\.(mail|shop)\.targets\[0\]/);
});

test('more server certificates than IAM takes of an account are told', () => {
  expect(warningOf(fleet(11))).toMatchObject({
    message: expect.stringContaining('needs 22 server certificates of IAM'),
    fix: expect.stringContaining('Server certificates per account'),
  });
  expect(warningOf(fleet(6, ['us-east-1', 'eu-west-1'])).message).toContain('needs 24');
  expect(parsed(configYaml(fleet(10))).warnings).toEqual([]);
});
