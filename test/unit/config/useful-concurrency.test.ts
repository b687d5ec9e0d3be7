import { expect, test } from 'vitest';
import type { Config } from '#shared/config/config.ts';
import { usefulConcurrency } from '#shared/config-file/useful-concurrency.ts';
import { listenerArn } from '#test/support/fleet.ts';
import { configWith, wanted } from '#test/support/healthy.ts';

const many = { issue: 50, deploy: 50, verify: 50 };
const regions = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
const home = { account: '123456789012', region: 'us-east-1' };

function useful(change: Partial<Config>, inRegions = regions.slice(0, 1)) {
  const targets = inRegions.map((region) => ({
    type: 'alb' as const,
    listener: listenerArn('web', '1', { region, account: home.account }),
    certificate: 'default' as const,
  }));
  const certificates = [wanted({ targets })];
  return usefulConcurrency({ ...configWith(), home, concurrency: many, certificates, ...change });
}

test('at most eight runs of issue share the request rate of Route 53', () => {
  expect(useful({ solvers: [{ type: 'route53' } as never] }).issue).toBe(8);
});

test('where no DNS service is asked, as many issue as the configuration says', () => {
  expect(useful({ solvers: [] }).issue).toBe(50);
});

test('six runs deploy, and six verify, for each account and region', () => {
  expect(useful({})).toMatchObject({ deploy: 6, verify: 6 });
  expect(useful({}, regions)).toMatchObject({ deploy: 18, verify: 18 });
});

test('fewer stay fewer', () => {
  const few = { issue: 3, deploy: 2, verify: 2 };
  expect(useful({ concurrency: few }, regions)).toEqual(few);
});
