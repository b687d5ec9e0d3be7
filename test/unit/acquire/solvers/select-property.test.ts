import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChallengeType } from '#shared/solvers/challenge-type.ts';
import { solverSelection } from '#shared/solvers/select.ts';
import { runs } from '#test/support/full.ts';

type Solver = {
  readonly challenge: ChallengeType;
  readonly selector?: { readonly dnsNames: string[]; readonly dnsZones: string[] };
};

const domains = [
  'www.example.com',
  '*.example.com',
  'www.prod.example.com',
  'foo.bar.example.com',
  'other.org',
  'notexample.com',
] as const;
const zones = ['example.com', 'bar.example.com', 'prod.example.com', 'com', 'org'] as const;

const challenge = fc.constantFrom<ChallengeType>('dns-01', 'http-01');
const upToTwo = (from: readonly string[]) => fc.array(fc.constantFrom(...from), { maxLength: 2 });
const selector = fc.record({ dnsNames: upToTwo(domains), dnsZones: upToTwo(zones) });
const solvers = fc.array(
  fc.oneof(fc.record({ challenge }), fc.record({ challenge, selector })) as fc.Arbitrary<Solver>,
  { maxLength: 5 },
);

/** How much a solver weighs for a name, as cert-manager's TestPickProperties states it; null: not at all. */
function score(solver: Solver, name: string, offered: readonly ChallengeType[]): number | null {
  if (!offered.includes(solver.challenge)) return null;
  const { dnsNames = [], dnsZones = [] } = solver.selector ?? {};
  const matching = dnsZones.filter((zone) => name === zone || name.endsWith(`.${zone}`));
  if (dnsNames.length > 0 && !dnsNames.includes(name)) return null;
  if (dnsZones.length > 0 && matching.length === 0) return null;
  const labels = Math.max(0, ...matching.map((zone) => zone.split('.').length));
  return (dnsNames.length > 0 ? 100 : 0) + labels;
}

test('of any solvers the first with the highest weight is taken, and one whenever any may be', () => {
  fc.assert(
    fc.property(
      solvers,
      fc.constantFrom(...domains),
      fc.subarray<ChallengeType>(['dns-01', 'http-01']),
      (list, name, offered) => {
        const scores = list.map((solver) => score(solver, name, offered));
        const best = Math.max(...scores.map((each) => each ?? -1));
        const expected = best < 0 ? null : list[scores.indexOf(best)];
        expect(solverSelection(list, (solver) => solver.challenge)(name, offered)).toBe(expected);
      },
    ),
    { numRuns: runs(5_000) },
  );
});
