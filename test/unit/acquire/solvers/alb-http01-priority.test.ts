import { describe, expect, test } from 'vitest';
import { challengePath } from '#shared/solvers/alb-http01/answering/paths.ts';
import type { ListenerRule } from '#shared/solvers/alb-http01/client.ts';
import { freePriority } from '#shared/solvers/alb-http01/priority.ts';

const wanted = { host: 'example.com', path: `${challengePath}token` };

function rule(priority: number, change: Partial<ListenerRule> = {}): ListenerRule {
  return { arn: `rule-${priority}`, priority, hosts: [], paths: [], body: null, ...change };
}

describe('the priority of a rule', () => {
  test('is any free one where nobody has a rule', () => {
    expect(freePriority([], wanted)).toBeGreaterThan(0);
  });

  test.each<[string, ListenerRule[], number]>([
    ['stands before every other rule', [rule(2, { hosts: ['example.net'] }), rule(3)], 1],
    [
      'stands before what takes the request where it cannot before all',
      [rule(1, { hosts: ['example.net'] }), rule(3)],
      2,
    ],
    [
      'need not stand before a rule for another token',
      [rule(1, { paths: [`${challengePath}other`] }), rule(3)],
      2,
    ],
    ['stands before a rule for any token', [rule(2, { paths: [`${challengePath}*`] })], 1],
    [
      'stands before a rule for hosts like ours',
      [rule(1, { hosts: ['a.b'] }), rule(2, { paths: ['/x'] }), rule(4, { hosts: ['EXAMPLE.*'] })],
      3,
    ],
  ])('%s', (_, rules, expected) => {
    expect(freePriority(rules, wanted)).toBe(expected);
  });

  test('stands before all others although one for another token is the first', () => {
    const rules = [rule(1, { paths: [`${challengePath}other`] }), rule(5, { hosts: ['a.b'] })];
    expect([2, 3, 4]).toContain(freePriority(rules, wanted));
  });

  test.each<[string, Partial<ListenerRule>]>([
    ['everything', {}],
    ['the host', { hosts: ['*.com'] }],
    ['the path', { paths: ['/.well-known/*'] }],
  ])('is none where the first rule takes %s', (_, change) => {
    expect(freePriority([rule(1, change)], wanted)).toBeNull();
  });
});
