import { expect, test } from 'vitest';
import { ordersAtOnce } from '#shared/acquire/orders-at-once.ts';
import type { Config } from '#shared/config/config.ts';
import { mostExecutions, usualExecutions } from '#shared/limits.ts';

const route53 = { type: 'route53' } as Config['solvers'][number];
const cloudflare = { type: 'cloudflare' } as Config['solvers'][number];

test.each<[string, readonly Config['solvers'][number][], number, number]>([
  ['at Route 53, which takes five requests a second', [route53], usualExecutions.issue, 20],
  ['where no DNS service is asked', [], usualExecutions.issue, 25],
  ['at Cloudflare, which takes two requests a second', [cloudflare], usualExecutions.issue, 20],
  ['where 22 runs share the requests of two services', [route53, cloudflare], 20, 4],
  ['where very many runs share the requests, one', [route53], mostExecutions, 1],
])('%s: a run works on as many as get through a step', (_, solvers, issue, expected) => {
  expect(ordersAtOnce({ solvers, concurrency: { ...usualExecutions, issue } })).toBe(expected);
});
