import { issuerSpecs } from '#shared/issuers/specs.ts';
import type { Finding } from '#shared/schema/finding.ts';
import type { PluginSpec } from '#shared/schema/plugin.ts';
import type { Own, PluginCheck } from '#shared/schema/plugin-check.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';
import { targetSpecs } from '#shared/targets/specs.ts';
import type { Draft } from '../draft.ts';

type Named = { readonly type: string };

/** Runs the plugins' own checks of the entries that name them. */
export function pluginsAreSatisfied(draft: Draft): readonly Finding[] {
  return findings(draft, 'checks');
}

export function pluginsHaveNoDoubt(draft: Draft): readonly Finding[] {
  return findings(draft, 'warnings');
}

function findings(draft: Draft, kind: 'checks' | 'warnings'): readonly Finding[] {
  const kinds: readonly (readonly [Readonly<Record<string, PluginSpec>>, readonly Own<Named>[]])[] =
    [
      [issuerSpecs, issuersIn(draft)],
      [solverSpecs, solversIn(draft)],
      [targetSpecs, targetsIn(draft)],
    ];
  return kinds.flatMap(([specs, entries]) =>
    Object.values(specs).flatMap((spec) => {
      const own = entries.filter(({ value }) => value.type === spec.type);
      // That plugin's own schema has read the entries.
      return (spec[kind] ?? []).flatMap((check) => (check as PluginCheck<Named>)(own, draft));
    }),
  );
}

function issuersIn({ issuerConfigs }: Draft): readonly Own<Named>[] {
  return [...issuerConfigs].map(([name, value]) => ({ path: ['issuers', name], value }));
}

function solversIn({ solvers }: Draft): readonly Own<Named>[] {
  return (solvers ?? []).map((value, at) => ({ path: ['solvers', at], value }));
}

function targetsIn({ certificates }: Draft): readonly Own<Named>[] {
  return certificates.flatMap(({ id, targets }) =>
    targets.map(({ at, value }) => ({ path: ['certificates', id, 'targets', at], value })),
  );
}
