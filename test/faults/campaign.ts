import type { Outcome, Pool } from './pool.ts';
import type { Case, Strike } from './strike.ts';

/** What became of one fault at one call, or of several that only together break something. */
export type Finding = Case & {
  readonly violations: readonly string[];
};

export type Campaign = {
  readonly findings: readonly Finding[];
  /** Those whose call never came, not even when they were played alone. */
  readonly missed: readonly Case[];
  readonly worlds: number;
  readonly cpuMs: number;
};

/** Plays each case in one world. What looks broken is played again, each strike alone and then together. */
export async function campaign(
  pool: Pool,
  cases: readonly Case[],
  options: {
    readonly onFinding?: (finding: Finding) => void;
    readonly onProgress?: (done: number, broken: number) => void;
  } = {},
): Promise<Campaign> {
  const findings: Finding[] = [];
  const missed: Case[] = [];
  const spent = { worlds: 0, cpuMs: 0, done: 0 };

  async function play(next: Case): Promise<Outcome> {
    const outcome = await pool.play(next);
    spent.worlds += 1;
    spent.cpuMs += outcome.cpuMs;
    return outcome;
  }

  function tell(finding: Finding): void {
    findings.push(finding);
    options.onFinding?.(finding);
  }

  async function playCase(next: Case): Promise<void> {
    const { violations, struck } = await play(next);
    const { strikes } = next;
    const alone = (strike: Strike): Case => ({ ...next, strikes: [strike] });
    if (strikes.length === 1) {
      if (violations.length > 0) tell({ ...next, violations });
      if (!struck[0]) missed.push(next);
    } else if (violations.length > 0) {
      const before = findings.length;
      for (const strike of strikes) await playCase(alone(strike));
      if (findings.length > before) return;
      const again = await play(next);
      if (again.violations.length > 0) tell({ ...next, violations });
    } else {
      for (const [index, strike] of strikes.entries()) {
        if (!struck[index]) await playCase(alone(strike));
      }
    }
  }

  // Case after case, so that what looks broken is played again at once and not in the end.
  const queue = cases.values();
  await Promise.all(
    Array.from({ length: pool.jobs }, async () => {
      for (const next of queue) {
        await playCase(next);
        spent.done += next.strikes.length;
        options.onProgress?.(spent.done, findings.length);
      }
    }),
  );
  return { findings, missed, worlds: spent.worlds, cpuMs: spent.cpuMs };
}
