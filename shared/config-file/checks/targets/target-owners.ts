import type { Finding } from '#shared/schema/finding.ts';
import { identityOf } from '#shared/targets/identities.ts';
import type { Draft } from '../../draft.ts';
import { pathText } from '../../messages/problem.ts';

export function targetsHaveOneOwner({ account, region, certificates }: Draft): readonly Finding[] {
  const findings: Finding[] = [];
  const home = { account: account ?? '', region: region ?? '' };
  /** The certificate that holds the only place, by listener. */
  const owners = new Map<string, string>();
  for (const { id, targets } of certificates) {
    /** This certificate's earlier entry, by listener. */
    const own = new Map<string, string>();
    for (const { at, value: target } of targets) {
      const path = ['certificates', id, 'targets', at] as const;
      const { listener, isExclusive } = identityOf(target, home);
      const earlier = own.get(listener) ?? (isExclusive ? owners.get(listener) : undefined);
      if (earlier !== undefined) {
        findings.push({
          path,
          value: listener,
          message: `is bound already by ${earlier}`,
          fix: own.has(listener)
            ? 'Remove one of the two: a certificate is bound to a listener once.'
            : 'Remove one of the two. Where SNI is possible, bind one of them with "certificate: sni".',
        });
        continue;
      }
      own.set(listener, pathText(path));
      if (isExclusive) owners.set(listener, pathText(path));
    }
  }
  return findings;
}
