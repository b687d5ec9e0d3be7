import type { ChallengeType } from './challenge-type.ts';

type Selectable = {
  readonly selector?: {
    readonly dnsNames?: readonly string[];
    readonly dnsZones?: readonly string[];
  };
};

type Match = { readonly byName: boolean; readonly zoneLabels: number };

/**
 * Selects the solver for a name (with its `*.`) by cert-manager's rules (its pkg/util/solverpicker): names and zones must
 * both match where both are given; an exact name beats a zone, a longer zone beats a shorter one, and an earlier entry
 * beats a later one. A solver without selector is the default. Null when none matches.
 */
export function selectSolver<S extends Selectable>(name: string, solvers: readonly S[]): S | null {
  return solverSelection(solvers)(name);
}

/**
 * Selects for many names: it looks the name up in an index instead of comparing it with every selector. It first drops
 * solvers whose kind is not `offered`.
 */
export function solverSelection<S extends Selectable>(
  solvers: readonly S[],
  challengeOf: (solver: S) => ChallengeType = () => 'dns-01',
): (name: string, offered?: readonly ChallengeType[]) => S | null {
  const candidates = solvers.map((solver) => ({
    solver,
    challenge: challengeOf(solver),
    match: matcher(solver.selector),
  }));
  return (name, offered) => {
    const parents = parentsOf(name);
    let best: { solver: S; match: Match } | null = null;
    for (const { solver, challenge, match: matchName } of candidates) {
      if (offered && !offered.includes(challenge)) continue;
      const match = matchName(name, parents);
      if (match && (best === null || beats(match, best.match))) best = { solver, match };
    }
    return best?.solver ?? null;
  };
}

/** A missing selector and an empty one mean the same. */
function matcher(selector: Selectable['selector'] = {}) {
  const names = new Set(selector.dnsNames);
  const zones = new Set(selector.dnsZones);
  return (name: string, parents: readonly string[]): Match | null => {
    if (names.size > 0 && !names.has(name)) return null;
    const zone = parents.find((parent) => zones.has(parent));
    if (zones.size > 0 && zone === undefined) return null;
    return { byName: names.size > 0, zoneLabels: zone?.split('.').length ?? 0 };
  };
}

/** The name itself and every domain above it, longest first. */
function parentsOf(name: string): readonly string[] {
  const labels = name.split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
}

function beats(match: Match, best: Match): boolean {
  if (match.byName !== best.byName) return match.byName;
  return match.zoneLabels > best.zoneLabels;
}
