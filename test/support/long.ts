import { isFull } from './full.ts';

/**
 * What takes longer than five seconds (measured on two quiet cores): CI plays it, and `npm run test:all`. Without it, `npm test`
 * takes two minutes. A file or a project that is named is played whole.
 */
export const long: readonly string[] = [
  'local/cloud/test/clouds/scenarios.test.ts',
  'test/faults/mutations.test.ts',
  'test/house/check.test.ts',
  'test/house/sbom.test.ts',
  'test/installed/infra/app.test.ts',
  'test/installed/infra/bundles.test.ts',
  'test/installed/rights/actors/actors.test.ts',
  'test/installed/smoke/left.test.ts',
  'test/installed/smoke/smoke.test.ts',
  'test/path/accounts.test.ts',
  'test/path/adopt-own.test.ts',
  'test/path/advice.test.ts',
  'test/path/by-hand-race.test.ts',
  'test/path/copies-gone.test.ts',
  'test/path/deploy.test.ts',
  'test/path/due-when-issued.test.ts',
  'test/path/failover-cases.test.ts',
  'test/path/failover.test.ts',
  'test/path/fallback.test.ts',
  'test/path/foreign-attempt.test.ts',
  'test/path/http01-crash.test.ts',
  'test/path/http01-permanent.test.ts',
  'test/path/http01-refused.test.ts',
  'test/path/issue-faults.test.ts',
  'test/path/kept.test.ts',
  'test/path/keys.test.ts',
  'test/path/large-orders.test.ts',
  'test/path/listener-changed.test.ts',
  'test/path/neighbours.test.ts',
  'test/path/odd-certificate.test.ts',
  'test/path/positions-change.test.ts',
  'test/path/prove-rights.test.ts',
  'test/path/rate-limits-fleet.test.ts',
  'test/path/replicas.test.ts',
  'test/path/restored-ledger.test.ts',
  'test/path/resume.test.ts',
  'test/path/retired.test.ts',
  'test/path/roles.test.ts',
  'test/path/roll-back.test.ts',
  'test/path/silence.test.ts',
  'test/path/slow-ca.test.ts',
  'test/path/still-used.test.ts',
  'test/path/trouble.test.ts',
  'test/path/when-it-has-happened.test.ts',
  'test/unit/acquire/mutated-record.test.ts',
  'test/unit/finish/region-day.test.ts',
  'test/wire/acquire/orders/matrix.test.ts',
  'test/wire/deploy/crash.test.ts',
  'test/wire/deploy/listener-list.test.ts',
  'test/wire/deploy/listeners/fixed-0.test.ts',
  'test/wire/deploy/listeners/fixed-1.test.ts',
  'test/wire/deploy/listeners/fixed-2.test.ts',
  'test/wire/deploy/listeners/fixed-3.test.ts',
  'test/wire/freedoms/combinations.test.ts',
  'test/wire/freedoms/each.test.ts',
  'test/wire/fuzz/fuzz.test.ts',
];

/** What a run leaves out; `args` are the words after `vitest`. */
export function leftOut(args: readonly string[]): readonly string[] {
  const isPlain = args.every((each) => each === 'run');
  return isPlain && !isFull ? long : [];
}
