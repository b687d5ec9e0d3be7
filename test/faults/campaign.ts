import type { Outcome, Pool } from './pool.ts';
import type { Case, Strike } from './strike.ts';

/** The result of one fault at one call, or of several that only together break something. */
type Finding = Case & {
  readonly violations: readonly string[];
};

export type Campaign = {
  readonly findings: readonly Finding[];
  /** Cases whose call never came, not even when they were played alone. */
  readonly missed: readonly Case[];
  readonly worlds: number;
  readonly cpuMs: number;
};

type CampaignOptions = {
  /** Returns new cases for strikes whose call did not come beside the others of their world. */
  readonly regroup: (missed: readonly Strike[]) => readonly Case[];
  /** True if nothing is played after the first finding. */
  readonly endsAtFirst?: boolean;
  readonly onFinding?: (finding: Finding) => void;
  readonly onProgress?: (done: number, broken: number) => void;
  /** The same for the strikes whose call did not come, of which there are so many. */
  readonly onMissed?: (done: number, of: number) => void;
};

/**
 * Plays each case in one world. A case that looks broken is played again, each strike alone and then together; a strike
 * whose call did not come is played once more beside others, and then alone.
 */
export async function campaign(
  pool: Pool,
  cases: readonly Case[],
  options: CampaignOptions,
): Promise<Campaign> {
  const findings: Finding[] = [];
  const missed: Case[] = [];
  const toRegroup: Strike[] = [];
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

  async function playCase(next: Case, isRegrouped = false): Promise<void> {
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
        if (struck[index]) continue;
        if (isRegrouped) await playCase(alone(strike));
        else toRegroup.push(strike);
      }
    }
  }

  /** Plays case after case, so that a case that looks broken is repeated at once and not in the end. */
  async function playAll(all: readonly Case[], after: (played: Case) => void, isRegrouped = false) {
    const queue = all.values();
    const work = async () => {
      for (const next of queue) {
        if (options.endsAtFirst && findings.length > 0) return;
        await playCase(next, isRegrouped);
        after(next);
      }
    };
    await Promise.all(Array.from({ length: pool.jobs }, work));
  }

  await playAll(cases, ({ strikes }) => {
    spent.done += strikes.length;
    options.onProgress?.(spent.done, findings.length);
  });
  let again = 0;
  await playAll(
    options.regroup(toRegroup),
    ({ strikes }) => {
      again += strikes.length;
      options.onMissed?.(again, toRegroup.length);
    },
    true,
  );
  return { findings, missed, worlds: spent.worlds, cpuMs: spent.cpuMs };
}
