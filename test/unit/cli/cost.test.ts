import { expect, test } from 'vitest';
import { fleetOf } from '#cli/see/cost/fleet-of.ts';
import { costOf, costPage } from '#cli/see/cost/page.ts';
import { albYaml, certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { configOf } from '#test/support/synth.ts';

const issuers = `issuers:
  letsencrypt: {type: acme, directory: letsencrypt, termsOfServiceAgreed: true}
  short: {type: acme, directory: letsencrypt, profile: shortlived, termsOfServiceAgreed: true}`;

test('what of a file decides its cost is counted', () => {
  const text = configYaml({
    issuers,
    certificates: certificatesYaml({
      shop: { targets: `[${albYaml('default')}, {type: clb, loadBalancer: web}]`, key: 'rsa-2048' },
      short: { names: '[short.example.com]', issuer: '[short, letsencrypt]' },
    }),
  });
  expect(fleetOf(configOf(text))).toEqual({
    certificates: 2,
    replicas: 1,
    endpoints: 2,
    renewalsAMonth: 30.4 / 60 + 30.4 / 3.3,
    caAccounts: 2,
    queues: 3,
  });
});

test('targets that wait for turns have a queue of their own', () => {
  const targets = '[{type: api-gateway, domain: shop.example.com}]';
  const text = configYaml({
    certificates: certificatesYaml({ shop: { key: 'rsa-2048', targets } }),
  });
  expect(fleetOf(configOf(text)).queues).toBe(4);
});

test('a fleet as the benchmark has it costs what the benchmark says', () => {
  expect(costOf({ certificates: 100, replicas: 1 }).total).toBeCloseTo(86.7, 1);
});

test('more endpoints, renewals, accounts and copies cost more', () => {
  const few = { certificates: 100, replicas: 0, endpoints: 100, renewalsAMonth: 50, caAccounts: 1 };
  const { total } = costOf(few);
  for (const more of [
    { endpoints: 1_000 },
    { renewalsAMonth: 1_000 },
    { caAccounts: 2 },
    { replicas: 1 },
    { queues: 4 },
  ]) {
    expect(costOf({ ...few, ...more }).total).toBeGreaterThan(total);
  }
});

test('the page fits 80 columns, adds up and says which prices it means', () => {
  const cost = costOf({ certificates: 10_000, replicas: 2, endpoints: 20_000, renewalsAMonth: 5 });
  const page = costPage(cost, 80);
  expect(page.filter((line) => line.length > 80)).toEqual([]);
  const amounts = page.flatMap((line) => {
    const [, amount] = /\$ *([\d.]+) +\$ *[\d.]+$/.exec(line) ?? [];
    return amount === undefined ? [] : [Number(amount)];
  });
  expect(amounts).toHaveLength(10);
  const [together, ...parts] = amounts.toReversed();
  expect(parts.reduce((sum, each) => sum + each, 0)).toBeCloseTo(together ?? 0, 1);
  expect(page.join(' ')).toContain("AWS's list prices of us-east-1 (2026-11)");
});
