import type { Draft } from '../../draft.ts';
import { type Finding, pathText } from '../../messages/problem.ts';
import { targetSlot } from './target-slot.ts';

export function targetsHaveOneOwner({ account, region, certificates }: Draft): readonly Finding[] {
  const findings: Finding[] = [];
  const home = { account: account ?? '', region: region ?? '' };
  /** By resource: who holds the one place that there is. */
  const owners = new Map<string, string>();
  for (const { id, targets } of certificates) {
    /** By resource: where this certificate is bound to it already. */
    const own = new Map<string, string>();
    for (const { at, value: target } of targets) {
      const path = ['certificates', id, 'targets', at] as const;
      const { resource, exclusive } = targetSlot(target, home);
      const earlier = own.get(resource) ?? (exclusive ? owners.get(resource) : undefined);
      if (earlier !== undefined) {
        findings.push({
          path,
          value: resource,
          message: `is bound already by ${earlier}`,
          fix: own.has(resource)
            ? 'Remove one of the two: a certificate is bound to a listener once.'
            : 'Remove one of the two. Where SNI is possible, bind one of them with "certificate: sni".',
        });
        continue;
      }
      own.set(resource, pathText(path));
      if (exclusive) owners.set(resource, pathText(path));
    }
  }
  return findings;
}
