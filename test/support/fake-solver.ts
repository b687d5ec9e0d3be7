import { CertkeepError } from '#shared/errors.ts';
import { allAtOnce, type Solver, type TxtValue } from '#shared/solvers/solver.ts';

export type FakeSolver = Solver & {
  /** Published values, `name=value`, sorted. */
  readonly values: () => readonly string[];
  /** From now on this many looks at a change find it spreading still. */
  spreadFor(looks: number): void;
  /** The next change is refused, and nothing is changed. */
  refuseNext(message: string): void;
};

/** A DNS service with one zone a given name, in memory. */
export function fakeSolver(...zoneNames: readonly string[]): FakeSolver {
  const published = new Map<string, TxtValue>();
  let looksLeft = 0;
  let changes = 0;
  let refusal: string | null = null;

  function change(apply: () => void) {
    const message = refusal;
    refusal = null;
    if (message) throw new CertkeepError('DnsChangeRefused', message);
    apply();
  }

  return {
    settleMs: 0,
    nameServers: async () => null,
    values: () => [...published.keys()].sort(),
    spreadFor(looks) {
      looksLeft = looks;
    },
    refuseNext(message) {
      refusal = message;
    },
    async zoneFor(name) {
      const holding = zoneNames.filter((zone) => name === zone || name.endsWith(`.${zone}`));
      const [longest] = holding.sort((a, b) => b.length - a.length);
      if (!longest) throw new CertkeepError('ZoneNotFound', `no zone holds ${name}`);
      return { zoneId: `zone-${longest}`, name: longest };
    },
    async publish(_zoneId, values, _owner, steps = allAtOnce) {
      change(() => {
        for (const value of values) published.set(`${value.name}=${value.value}`, value);
      });
      changes += 1;
      await steps.done(values, `change-${changes}`);
      return `change-${changes}`;
    },
    async isPublished() {
      looksLeft -= 1;
      return looksLeft < 0;
    },
    async remove(_zoneId, values, steps = allAtOnce) {
      change(() => {
        for (const { name, value } of values) published.delete(`${name}=${value}`);
      });
      await steps.done(values, '');
    },
  };
}
