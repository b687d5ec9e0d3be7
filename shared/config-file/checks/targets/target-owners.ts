import type { Finding } from '#shared/schema/finding.ts';
import { identityOf } from '#shared/targets/identities.ts';
import { type Draft, homeOf } from '../../draft.ts';
import { pathText } from '../../messages/problem.ts';

export function targetsHaveOneOwner(draft: Draft): readonly Finding[] {
  const findings: Finding[] = [];
  const home = homeOf(draft);
  /** The certificate that holds the only place, by listener. */
  const owners = new Map<string, string>();
  for (const { id, targets } of draft.certificates) {
    /** This certificate's earlier entry, by listener. */
    const own = new Map<string, { readonly path: string; readonly position: string | null }>();
    for (const { at, value: target } of targets) {
      const path = ['certificates', id, 'targets', at] as const;
      const { listener, isExclusive } = identityOf(target, home, id);
      const position = 'certificate' in target ? target.certificate : null;
      const ofOwn = own.get(listener);
      const earlier = ofOwn?.path ?? (isExclusive ? owners.get(listener) : undefined);
      if (earlier !== undefined) {
        findings.push({
          path,
          value: listener,
          message: `is bound already by ${earlier}`,
          fix: ofOwn
            ? onceFix([ofOwn.position, position])
            : 'Remove one of the two. Where SNI is possible, bind one of them with "certificate: sni".',
        });
        continue;
      }
      own.set(listener, { path: pathText(path), position });
      if (isExclusive) owners.set(listener, pathText(path));
    }
  }
  return findings;
}

function onceFix(positions: readonly (string | null)[]): string {
  const once = 'a certificate is bound to a listener once';
  return positions.includes('default') && positions.includes('sni')
    ? `Write one entry with "certificate: both" in place of the two, which makes it the default and lists it: ${once}.`
    : `Remove one of the two: ${once}.`;
}
