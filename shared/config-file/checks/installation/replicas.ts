import { partitionOf } from '#shared/region.ts';
import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';

export function replicasAreElsewhere({ region, replicas }: Draft): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const { at, value: replica } of replicas) {
    const wrong = seen.has(replica)
      ? ['is listed twice', 'Remove one of the two.']
      : replica === region
        ? ['is the home region, which holds the original', 'Remove it, or choose another region.']
        : region !== null && partitionOf(replica) !== partitionOf(region)
          ? [
              'is in another partition than the home region',
              'Choose a region of the same partition.',
            ]
          : null;
    seen.add(replica);
    const [message, fix] = wrong ?? [];
    if (message && fix) findings.push({ path: ['replicas', at], message, fix });
  }
  return findings;
}
