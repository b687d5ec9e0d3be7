import type { Outcome, Pool } from './pool.ts';
import type { Strike } from './strike.ts';

/** What became of one fault at one call, or of several that only together break something. */
export type Finding = {
  readonly strikes: readonly Strike[];
  readonly violations: readonly string[];
};

export type Campaign = {
  readonly findings: readonly Finding[];
  /** Those whose call never came, not even when they were played alone. */
  readonly missed: readonly Strike[];
  readonly worlds: number;
  readonly cpuMs: number;
};

/** Plays each group in one world. What looks broken is played again, each strike alone and then together. */
export async function campaign(
  pool: Pool,
  seed: number,
  groups: readonly (readonly Strike[])[],
  options: {
    readonly onFinding?: (finding: Finding) => void;
    readonly onProgress?: (done: number, broken: number) => void;
  } = {},
): Promise<Campaign> {
  const findings: Finding[] = [];
  const missed: Strike[] = [];
  const spent = { worlds: 0, cpuMs: 0, done: 0 };

  async function play(these: readonly Strike[]): Promise<Outcome> {
    const outcome = await pool.play({ seed, strikes: these });
    spent.worlds += 1;
    spent.cpuMs += outcome.cpuMs;
    return outcome;
  }

  function tell(finding: Finding): void {
    findings.push(finding);
    options.onFinding?.(finding);
  }

  async function playGroup(group: readonly Strike[]): Promise<void> {
    const { violations, struck } = await play(group);
    const isWhole = group.every((_, index) => struck[index]);
    if (group.length === 1) {
      if (violations.length > 0) tell({ strikes: group, violations });
      if (!isWhole) missed.push(...group);
    } else if (violations.length > 0) {
      const before = findings.length;
      for (const strike of group) await playGroup([strike]);
      if (findings.length > before) return;
      const again = await play(group);
      if (again.violations.length > 0) tell({ strikes: group, violations });
    } else {
      for (const [index, strike] of group.entries()) if (!struck[index]) await playGroup([strike]);
    }
  }

  // Group after group, so that what looks broken is played again at once and not in the end.
  const queue = groups.values();
  await Promise.all(
    Array.from({ length: pool.jobs }, async () => {
      for (const group of queue) {
        await playGroup(group);
        spent.done += group.length;
        options.onProgress?.(spent.done, findings.length);
      }
    }),
  );
  return { findings, missed, worlds: spent.worlds, cpuMs: spent.cpuMs };
}
